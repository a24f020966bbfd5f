import type { Diagnostic } from "../diagnostics.ts";
import type { ConfigObject, HttpConfig, HttpSection } from "../traefik/dynamic-config.ts";
import { isLocal, type NamedReference, referencesOf } from "../traefik/references.ts";

/** Tells about an object that was left out, in whatever way the caller names its owner. */
export type ReportDangling = (section: HttpSection, name: string, missing: NamedReference) => Diagnostic | undefined;

/**
 * Leaves out what refers to something that nobody defines: Traefik would disable it and log an error with every reload.
 * A middleware or service that is left out may leave others dangling, so this goes on until nothing changes. References
 * with a provider (`auth@file`) are believed.
 */
export function dropDangling(
  config: HttpConfig,
  report: ReportDangling,
): { readonly config: HttpConfig; readonly diagnostics: readonly Diagnostic[] } {
  const kept = {
    routers: new Map(config.routers),
    services: new Map(config.services),
    middlewares: new Map(config.middlewares),
  };
  const diagnostics: Diagnostic[] = [];
  for (let isSettled = false; !isSettled; ) {
    isSettled = true;
    for (const section of ["middlewares", "services", "routers"] as const) {
      for (const [name, object] of kept[section]) {
        const missing = firstMissing(section, object, kept);
        if (missing === undefined) continue;
        kept[section].delete(name);
        isSettled = false;
        const diagnostic = report(section, name, missing);
        if (diagnostic !== undefined) diagnostics.push(diagnostic);
      }
    }
  }
  return { config: kept, diagnostics };
}

function firstMissing(section: HttpSection, object: ConfigObject, config: HttpConfig): NamedReference | undefined {
  return referencesOf(section, object).find((reference) => isMissing(reference, config));
}

function isMissing({ kind, name }: NamedReference, config: HttpConfig): boolean {
  if (name === "" || !isLocal(name)) return false;
  switch (kind) {
    case "service":
      return !config.services.has(name);
    case "middleware":
      return !config.middlewares.has(name);
    case "tlsOptions":
    case "serversTransport":
      // Neither can be defined by tags; Traefik itself brings a `default` of each.
      return name !== "default";
  }
}
