import type { Diagnostic } from "../diagnostics.ts";
import { type Health, healthOf, isServed } from "../policy/health.ts";
import { remember } from "../remember.ts";
import type { CoreSettings } from "../settings.ts";
import type { ServiceInstance } from "../snapshot.ts";
import { decodeLabels } from "../traefik/decode.ts";
import type { HttpConfig } from "../traefik/dynamic-config.ts";
import { decodeEnable } from "../traefik/enable.ts";
import { labelsOf } from "../traefik/labels.ts";
import { diagnose, type Finding } from "./finding.ts";
import { buildFragment } from "./fragment.ts";

/** One instance and what became of it. */
export interface Translated {
  readonly instance: ServiceInstance;
  readonly disposition: Disposition;
}

export type Disposition =
  /** Its tags ask for routes and it may have them. */
  | { readonly kind: "routed"; readonly fragment: HttpConfig; readonly diagnostics: readonly Diagnostic[] }
  /** It does not ask for routes. */
  | { readonly kind: "hidden" }
  /** It asks for routes and gets no traffic at the moment. */
  | { readonly kind: "unhealthy"; readonly health: Health }
  /** Quarantined: something about it is wrong, and its neighbours must not pay for it. */
  | { readonly kind: "refused"; readonly diagnostics: readonly Diagnostic[] };

/**
 * Translates one instance by its own tags alone: exposure, then health, then the tags, then the backend. Traefik's
 * built-in provider judges exposure on the union of all instances' tags first, so that one colleague's tag can hide
 * everybody; here each instance answers for itself.
 */
export function translateInstance(instance: ServiceInstance, settings: CoreSettings): Translated {
  return translator(settings)(instance);
}

/** One memory for each settings object: a reload makes a new one. */
const translator = remember((settings: CoreSettings) =>
  remember((instance: ServiceInstance): Translated => ({ instance, disposition: translate(instance, settings) })),
);

function translate(instance: ServiceInstance, settings: CoreSettings): Disposition {
  const { traefik } = settings;
  const labels = labelsOf(instance.tags, traefik.prefix);
  const exposure = decodeEnable(labels, traefik.exposedByDefault);
  if (exposure.kind === "hidden") return { kind: "hidden" };
  if (exposure.kind === "refused") return refused(instance, exposure.problems);

  const health = healthOf(instance);
  if (!isServed(health, traefik.strictChecks)) return { kind: "unhealthy", health };

  const decoded = decodeLabels(labels, traefik.version);
  if (decoded.kind === "refused") return refused(instance, decoded.problems);

  const built = buildFragment(instance, decoded.config, labels, settings);
  if (built.kind === "refused") return refused(instance, built.findings);
  return {
    kind: "routed",
    fragment: built.fragment,
    diagnostics: built.findings.map((one) => diagnose(instance, one)),
  };
}

function refused(instance: ServiceInstance, findings: readonly Finding[]): Disposition {
  return { kind: "refused", diagnostics: findings.map((finding) => diagnose(instance, finding)) };
}
