import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { AuthEndpoints } from "../ports/auth-endpoint.ts";
import type { CoreSettings } from "../settings.ts";
import type {
  ConfigObject,
  DynamicConfig,
  MutableConfig,
  ResourceKey,
  Section,
} from "../traefik/chart/dynamic-config.ts";
import type { Label } from "../traefik/labels/labels.ts";
import type { RegisteredServer } from "./registered-server.ts";

/**
 * What one instance contributes, or why it contributes nothing, and why not each part of it as far as it came to that.
 * Findings beside a fragment cost a part, not the instance.
 */
export type BuiltFragment =
  | { readonly kind: "built"; readonly fragment: Fragment; readonly findings: readonly Finding[] }
  | {
      readonly kind: "refused";
      readonly findings: readonly Finding[];
      readonly leftOut?: ReadonlyMap<ResourceKey, LeftOut>;
    };

/** What one instance asks for. */
export interface Fragment {
  readonly config: DynamicConfig;
  /** HTTP routers whose rule is the default one: Traefik holds them for different from routers that spell the same rule out. */
  readonly byDefaultRule: ReadonlySet<string>;
  /** What its tags define and the chart does not get, by key: what refers to it is reported with the cause. */
  readonly leftOut: ReadonlyMap<ResourceKey, LeftOut>;
}

/** A part that an instance's tags define and that is not charted. */
export interface LeftOut {
  /** What was wrong in the first place: with the part itself, or with what it refers to. */
  readonly cause: Finding;
  /** The part as far as it was completed; undefined where it could not be. */
  readonly object: ConfigObject | undefined;
}

/** Leaves a part out of a draft, which has it no more, and reports why. */
export function refusePart({ leftOut, findings }: Draft, key: ResourceKey, { cause, object }: LeftOut): void {
  leftOut.set(key, { cause, object });
  if (!findings.includes(cause)) findings.push(cause);
}

/** What is known of an instance before its configuration is completed. */
export interface Subject {
  readonly instance: ServiceInstance;
  /** The name of the service and the router that are made where tags define none. */
  readonly defaultName: string;
  /** What tags call it: the same, without what stands before it where a catalog shows several namespaces. */
  readonly defaultNameInTags: string;
  readonly labels: ReadonlyMap<string, Label>;
  readonly server: RegisteredServer;
  readonly settings: CoreSettings;
  /** What the operator lets middlewares of this instance ask, whatever the port window says. */
  readonly authEndpoints: AuthEndpoints;
  readonly rules: FragmentRules;
}

/** What the steps for each protocol work on. */
export interface Draft extends Subject {
  readonly config: MutableConfig;
  readonly byDefaultRule: Set<string>;
  /** What must not be charted, by key; several keys may share a finding, which is among the findings, too. */
  readonly leftOut: Map<ResourceKey, LeftOut>;
  /** About what was left out, or is routed but not as its owner meant. */
  readonly findings: Finding[];
}

/**
 * What is judged while the configuration of one instance is completed. The default mode judges all of it, `compat: traefik`
 * nothing: each mode is one value of this, chosen once where the pass is put together.
 */
export interface FragmentRules {
  /** Whether a part that must not be charted costs the whole instance, as in Traefik, or itself and what refers to it. */
  readonly refusalCosts: "instance" | "part";
  /** What stands in place of the provider in `x@consulcatalog`: nothing where such a name is judged like `x`. */
  readonly ownProvider: "@file" | "";
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
  /** What is reported of an object that has no field which counts below this path; it is written with one of its defaults. */
  readonly emptyObjectHint: (section: Section, name: string, path: string) => Finding | undefined;
}
