import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import {
  type DynamicConfig,
  newConfig,
  type ResourceKey,
  type TraefikVersion,
} from "../traefik/chart/dynamic-config.ts";
import type { RuleSyntax } from "../traefik/rule/syntax.ts";

/** What the operator defines in files and settings, beside what comes from the catalog. */
export interface OperatorConfig {
  readonly config: DynamicConfig;
  /** The file or setting that each name comes from. */
  readonly origins: ReadonlyMap<ResourceKey, string>;
  /** What is wrong with the files. */
  readonly diagnostics: readonly Diagnostic[];
  /** What stands in place of the services of the catalog that files name; absent before they are looked up. */
  readonly resolved?: readonly ResolvedAddress[];
}

/** A service of the catalog that a file names in place of an address, and what was put in. */
export interface ResolvedAddress {
  readonly key: ResourceKey;
  /** As the file has it: `catalog://jwt/verify`. */
  readonly text: string;
  readonly service: string;
  readonly namespace?: string;
  readonly catalogName?: string;
  /** `kept`: the catalog may hide the service, and the last address stays. `none`: no instance may be used. */
  readonly state: "healthy" | "unhealthy" | "kept" | "none";
  /** Why instances are not used. */
  readonly refusals: readonly string[];
  /** `HOST:PORT` of the instances that it stands for. */
  readonly places: readonly string[];
  /** The addresses in its place; none for servers where there is no instance. */
  readonly texts: readonly string[];
}

export const NO_OPERATOR_CONFIG: OperatorConfig = { config: newConfig(), origins: new Map(), diagnostics: [] };

/** What definitions are judged by. */
export interface OperatorConfigSettings {
  readonly version: TraefikVersion;
  readonly entryPoints: readonly string[];
  readonly ruleSyntax: RuleSyntax;
  readonly defaultEntryPoints: readonly string[];
}
