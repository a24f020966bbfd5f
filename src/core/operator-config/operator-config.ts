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
}

export const NO_OPERATOR_CONFIG: OperatorConfig = { config: newConfig(), origins: new Map(), diagnostics: [] };

/** What definitions are judged by. */
export interface OperatorConfigSettings {
  readonly version: TraefikVersion;
  readonly entryPoints: readonly string[];
  readonly ruleSyntax: RuleSyntax;
  readonly defaultEntryPoints: readonly string[];
}
