import type { Finding } from "../diagnostics/finding.ts";
import { type ConfigObject, isRouterSection, resourceKey, type Section } from "../traefik/chart/dynamic-config.ts";
import { referencesOf } from "../traefik/chart/references.ts";

/** Of Traefik's own services this one answers nothing but 418, for routers that only redirect. */
export const HARMLESS = "noop@internal";
/** Where Traefik's own API and dashboard listen. */
const TRAEFIK_ENTRY_POINT = "traefik";

/**
 * What no tag of any service may ask for, since it is about Traefik itself: its API and dashboard, its own entry point, the
 * certificate of every host that has none.
 */
export function whyOperatorsOnly(section: Section, name: string, object: ConfigObject): Finding | undefined {
  if (section === "tls/stores") {
    return finding(
      `${resourceKey(section, name)} would be the certificate of every host without one`,
      "define the store in a file of Traefik's",
    );
  }
  const internal = referencesOf(section, object).find(
    (reference) => reference.kind === "service" && reference.name.endsWith("@internal") && reference.name !== HARMLESS,
  );
  if (internal !== undefined) {
    return finding(
      `${resourceKey(section, name)} leads to ${internal.name}, one of Traefik's own services`,
      "route to it from a snippet of the operator's",
    );
  }
  const entryPoints = object["entryPoints"];
  if (Array.isArray(entryPoints) && isRouterSection(section)) {
    if (entryPoints.includes(TRAEFIK_ENTRY_POINT)) {
      return finding(
        `${resourceKey(section, name)} listens at the entry point "${TRAEFIK_ENTRY_POINT}", which is Traefik's own`,
        "name another entry point",
      );
    }
  }
  return undefined;
}

function finding(message: string, remedy: string): Finding {
  return { code: "OPERATOR_ONLY", message, remedy };
}
