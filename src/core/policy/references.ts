import type { Diagnostic } from "../diagnostics.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  type MutableConfig,
  newConfig,
  SECTIONS,
  type Section,
} from "../traefik/dynamic-config.ts";
import { isLocal, type NamedReference, referencesOf, targetOf } from "../traefik/references.ts";

/** Tells about an object that was left out, in whatever way the caller names its owner. */
export type ReportDangling = (section: Section, name: string, missing: NamedReference) => Diagnostic | undefined;

/**
 * Leaves out what refers to something that nobody defines: Traefik would disable it and log an error with every reload.
 * A middleware or service that is left out may leave others dangling, so this goes on until nothing changes. References
 * with a provider (`auth@file`) are believed.
 */
export function dropDangling(
  config: DynamicConfig,
  report: ReportDangling,
): { readonly config: DynamicConfig; readonly diagnostics: readonly Diagnostic[] } {
  let kept: DynamicConfig = config;
  let copy: MutableConfig | undefined;
  const diagnostics: Diagnostic[] = [];
  for (let isSettled = false; !isSettled; ) {
    isSettled = true;
    for (const section of SECTIONS.toReversed()) {
      for (const [name, object] of kept[section]) {
        const missing = firstMissing(section, object, kept);
        if (missing === undefined) continue;
        copy ??= newConfig(config);
        kept = copy;
        copy[section].delete(name);
        isSettled = false;
        const diagnostic = report(section, name, missing);
        if (diagnostic !== undefined) diagnostics.push(diagnostic);
      }
    }
  }
  return { config: kept, diagnostics };
}

function firstMissing(section: Section, object: ConfigObject, config: DynamicConfig): NamedReference | undefined {
  return referencesOf(section, object).find((reference) => isMissing(section, reference, config));
}

function isMissing(section: Section, reference: NamedReference, config: DynamicConfig): boolean {
  const { kind, name } = reference;
  // Without a name there is no transport and no set of TLS options; but a service or a middleware is meant.
  if (name === "") return reference.kind === "service" || reference.kind === "middleware";
  if (!isLocal(name)) return false;
  // Traefik itself brings a `default` of each of these.
  if (name === "default" && (kind === "tlsOptions" || kind === "serversTransport")) return false;
  const target = targetOf(section, reference);
  return target !== undefined && !config[target].has(name);
}
