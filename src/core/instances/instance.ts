import { type Health, healthOf, isChecked, isServed, UNCHECKED } from "../catalog/health.ts";
import { PRODUCT_RULES } from "../catalog/product-rules.ts";
import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnoseAll, type Finding } from "../diagnostics/finding.ts";
import { memoize } from "../incremental/memoize.ts";
import { permit } from "../policy/permit.ts";
import type { CoreSettings } from "../settings.ts";
import { type Decoded, decodeLabels } from "../traefik/decode/decode.ts";
import { decodeExposure } from "../traefik/labels/enable.ts";
import type { LabelProblem } from "../traefik/labels/label-problem.ts";
import { labelsOf } from "../traefik/labels/labels.ts";
import { defaultName } from "../translate/default-name.ts";
import { buildFragment, type Fragment } from "../translate/fragment.ts";
import { type DecodedOwnTags, decodeOwnTags } from "../translate/own-tags.ts";
import { registeredServer } from "../translate/registered-server.ts";
import { sizeFinding } from "./registration-size.ts";

/** One instance and what became of it. */
export interface Translated {
  readonly instance: ServiceInstance;
  readonly state: InstanceState;
}

export type InstanceState =
  /** Its tags ask for routes and it may have them. */
  | {
      readonly kind: "routed";
      readonly fragment: Fragment;
      readonly diagnostics: readonly Diagnostic[];
      /** It serves although this is its health: nobody of its service is any better. */
      readonly despite?: Health;
    }
  /** It does not ask for routes. */
  | { readonly kind: "hidden" }
  /** It asks for routes and gets no traffic at the moment. */
  | { readonly kind: "unhealthy"; readonly health: Health }
  /** Quarantined: something about it is wrong, and its neighbours must not pay for it. */
  | { readonly kind: "refused"; readonly diagnostics: readonly Diagnostic[] };

/**
 * Translates one instance by its own tags alone: exposure, constraints, health, then the tags, then the backend. Traefik's
 * built-in provider judges exposure on the union of all instances' tags first, so that one colleague's tag can hide
 * everybody; here each instance answers for itself.
 */
export function translateInstance(instance: ServiceInstance, settings: CoreSettings): Translated {
  return translatorFor(settings)(instance);
}

/** The same for many. One memory for each settings object: a reload makes a new one. */
export const translatorFor = memoize((settings: CoreSettings) =>
  memoize((instance: ServiceInstance): Translated => ({ instance, state: translate(instance, settings) })),
);

function translate(instance: ServiceInstance, settings: CoreSettings): InstanceState {
  const { traefik, compat, backends } = settings;
  const labels = labelsOf(instance.tags, traefik.prefix, instance.catalog);
  const exposure = decodeExposure(instance.catalog, labels, traefik.exposedByDefault);
  if (exposure.kind === "hidden") return { kind: "hidden" };
  // Not with compat: what Traefik makes of it counts there, however much it is.
  const tooLarge = compat === "traefik" ? undefined : sizeFinding(instance);
  if (tooLarge !== undefined) return refused(instance, [tooLarge]);
  if (exposure.kind === "refused") return refused(instance, exposure.problems);
  if (!traefik.constraints(instance.tags)) return { kind: "hidden" };
  if (exposure.connect) return compat === "traefik" ? { kind: "hidden" } : refused(instance, [CONNECT]);

  // Nomad tells no health in its list of services: every registration counts, as in Traefik.
  const health = healthOf(instance);
  if (PRODUCT_RULES[instance.catalog].tellsHealth) {
    if (!isServed(health, traefik.strictChecks)) return { kind: "unhealthy", health };
    const mustBeChecked = backends.requireCheck && compat === "none";
    if (mustBeChecked && !isChecked(instance)) return { kind: "unhealthy", health: UNCHECKED };
  }

  const decoded = decodeLabels(labels, traefik.version, compat === "traefik" ? "any" : "checked");
  const own = decodeOwnTags(compat === "traefik" ? [] : instance.tags, instance.catalog);
  if (decoded.kind === "refused" || own.kind === "refused") {
    return refused(instance, [...problemsOf(decoded), ...problemsOf(own)]);
  }
  const found = registeredServer(instance, own.tags, health, settings);
  if (found.kind === "refused") return refused(instance, [found.finding]);

  const subject = {
    instance,
    defaultName: defaultName(instance, exposure.canary),
    labels,
    server: found.server,
    settings,
  };
  const built = buildFragment(subject, decoded.config);
  if (built.kind === "refused") return refused(instance, built.findings);
  const isWeightLost = own.tags.weight !== undefined && built.fragment.config["http/services"].size === 0;
  const told = isWeightLost ? [...built.findings, WEIGHT_LOST] : built.findings;
  const permitted = compat === "traefik" ? built : permit(instance, built.fragment, told, settings);
  if (permitted.kind === "refused") return refused(instance, permitted.findings);
  const { fragment, findings } = permitted;
  return { kind: "routed", fragment, diagnostics: diagnoseAll(instance, findings) };
}

function problemsOf(decoded: Decoded | DecodedOwnTags): readonly LabelProblem[] {
  return decoded.kind === "refused" ? decoded.problems : [];
}

const WEIGHT_LOST: Finding = {
  code: "VALUE_IGNORED",
  message:
    "tag portolan.weight counts for HTTP only, and the instance defines no HTTP service: TCP and UDP servers have no weights",
  remedy: "remove the tag",
};

const CONNECT: Finding = {
  code: "TAG_UNSUPPORTED",
  message: "the tag consulcatalog.connect asks for Consul Connect, whose certificates portolan does not hand out",
  remedy: "remove the tag, or route this service by traefik's own provider",
};

function refused(instance: ServiceInstance, findings: readonly Finding[]): InstanceState {
  return { kind: "refused", diagnostics: diagnoseAll(instance, findings) };
}
