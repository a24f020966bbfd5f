import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { CoreSettings } from "../settings.ts";
import type { DynamicConfig, MutableConfig } from "../traefik/chart/dynamic-config.ts";
import type { Label } from "../traefik/labels/labels.ts";
import type { RegisteredServer } from "./registered-server.ts";

/** What one instance contributes, or why it contributes nothing. Findings beside a fragment cost a router, not the instance. */
export type BuiltFragment =
  | { readonly kind: "built"; readonly fragment: Fragment; readonly findings: readonly Finding[] }
  | { readonly kind: "refused"; readonly findings: readonly Finding[] };

/** What one instance asks for. */
export interface Fragment {
  readonly config: DynamicConfig;
  /** HTTP routers whose rule is the default one: Traefik holds them for different from routers that spell the same rule out. */
  readonly byDefaultRule: ReadonlySet<string>;
}

/** What is known of an instance before its configuration is completed. */
export interface Subject {
  readonly instance: ServiceInstance;
  /** The name of the service and the router that are made where tags define none. */
  readonly defaultName: string;
  readonly labels: ReadonlyMap<string, Label>;
  readonly server: RegisteredServer;
  readonly settings: CoreSettings;
}

/** What the steps for each protocol work on. */
export interface Draft extends Subject {
  readonly config: MutableConfig;
  readonly byDefaultRule: Set<string>;
  /** Cost the instance. */
  readonly refusals: Finding[];
  /** Cost a router. */
  readonly findings: Finding[];
}
