import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { CoreSettings } from "../settings.ts";
import type { ConfigObject, DynamicConfig, MutableConfig, Section } from "../traefik/chart/dynamic-config.ts";
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
  readonly rules: FragmentRules;
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

/**
 * What is judged while the configuration of one instance is completed. The default mode judges all of it, `compat: traefik`
 * nothing: each mode is one value of this, chosen once where the pass is put together.
 */
export interface FragmentRules {
  /** Why this URL must not become a server of the HTTP service; undefined where it may. */
  readonly judgeServerUrl: (service: string, url: string, subject: Subject) => Finding | undefined;
  /** Why this port of the registered address must not become a server of the TCP or UDP service. */
  readonly judgeServerPort: (
    protocol: "tcp" | "udp",
    service: string,
    port: string,
    subject: Subject,
  ) => Finding | undefined;
  /** Why the address that a middleware asks must not be asked. */
  readonly judgeMiddleware: (name: string, middleware: ConfigObject, subject: Subject) => Finding | undefined;
  /** Judges what all protocols together have come to, and notes what is wrong in the draft. */
  readonly judgeWhole: (draft: Draft) => void;
  /** Why an object that has no field which counts below this path must not be written. */
  readonly judgeEmptyObject: (section: Section, name: string, path: string) => Finding | undefined;
}
