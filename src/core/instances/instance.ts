import { type Health, healthOf, isChecked, isServed, toldHealthOf, UNCHECKED } from "../catalog/health.ts";
import { PRODUCT_RULES } from "../catalog/product-rules.ts";
import type { ServiceInstance } from "../catalog/snapshot.ts";
import { putDefaultsBefore } from "../default-middlewares/put-before.ts";
import { meetDemands } from "../demands/meet-demands.ts";
import { diagnose, diagnoseAll, type Finding } from "../diagnostics/finding.ts";
import { memoize } from "../incremental/memoize.ts";
import { authEndpointsOf } from "../policy/backends/auth-endpoints.ts";
import { permit } from "../policy/permit.ts";
import type { CoreSettings } from "../settings.ts";
import type { Decoded } from "../traefik/decode/decode.ts";
import type { Exposed } from "../traefik/decode/exposure.ts";
import { notEnabledHint } from "../traefik/hints/not-enabled.ts";
import { tagHints } from "../traefik/hints/tag-hints.ts";
import type { LabelProblem } from "../traefik/labels/label-problem.ts";
import { CHECKED_FRAGMENTS } from "../translate/checked-fragments.ts";
import { defaultName, inNamespace } from "../translate/default-name.ts";
import type { FragmentRules } from "../translate/draft.ts";
import { buildFragment } from "../translate/fragment.ts";
import type { DecodedOwnTags } from "../translate/own-tags.ts";
import { registeredServer } from "../translate/registered-server.ts";
import type { InstanceState, Translated, WhyHidden } from "./instance-state.ts";
import { sizeFinding } from "./registration-size.ts";
import { createTagReader, type SaidByTags, type TagRules } from "./said-by-tags.ts";
import { unfitFinding } from "./unfit-finding.ts";

/** How instances are translated; what the two modes do differently is data, chosen once where the pass is put together. */
export interface InstanceRules extends TagRules {
  readonly fragments: FragmentRules;
  /** Why the registration is larger than an instance may be. */
  readonly sizeFinding: (instance: ServiceInstance) => Finding | undefined;
  /** What becomes of an instance that asks for Consul Connect. */
  readonly connect: (instance: ServiceInstance) => InstanceState;
  /** The health by which an instance gets traffic; undefined where nothing tells it. */
  readonly healthOf: (instance: ServiceInstance) => Health | undefined;
  /** Whether an instance without a check of its own counts as unhealthy. */
  readonly mustBeChecked: (settings: CoreSettings) => boolean;
  /** Whether its default service and router get names of their own. */
  readonly isCanary: (exposure: Exposed) => boolean;
  /** What these names are where a catalog shows several namespaces. */
  readonly inNamespace: typeof inNamespace;
  readonly serverOf: typeof registeredServer;
  readonly permit: typeof permit;
  /** Puts what the operator demands of all routers before what an instance may have of what it asks for. */
  readonly putDefaultsBefore: typeof putDefaultsBefore;
  /** Leaves out what is without the middlewares that the policy demands. */
  readonly meetDemands: typeof meetDemands;
  /** Why an instance that is not exposed may have been meant to be. */
  readonly notEnabledHint: typeof notEnabledHint;
}

/** The rules of the default mode. */
const CHECKED: InstanceRules = {
  hasOwnTags: true,
  fragments: CHECKED_FRAGMENTS,
  sizeFinding,
  connect: (instance) => refused(instance, [CONNECT]),
  healthOf: toldHealthOf,
  mustBeChecked: ({ backends }) => backends.requireCheck,
  isCanary: ({ markedCanary }) => markedCanary,
  inNamespace,
  serverOf: registeredServer,
  permit,
  putDefaultsBefore,
  meetDemands,
  tagHints,
  notEnabledHint,
};

/** One instance's translation by the default mode. */
export function translateInstance(instance: ServiceInstance, settings: CoreSettings): Translated {
  return translatorFor(settings)(instance);
}

/** The same for many, memoized for each settings object: a reload makes a new one. */
export const translatorFor = createTranslator(CHECKED);

/**
 * Translates one instance by its own tags alone: exposure, constraints, health, then the tags, then the backend. Traefik's
 * built-in provider judges exposure on the union of all instances' tags first, so that the tag of one instance can hide
 * all of them; here each instance answers for itself.
 */
export function createTranslator(
  rules: InstanceRules,
): (settings: CoreSettings) => (instance: ServiceInstance) => Translated {
  return memoize((settings: CoreSettings) => {
    const saidByTags = createTagReader(settings, rules);
    return memoize(
      (instance: ServiceInstance): Translated => ({
        instance,
        state: translate(instance, saidByTags(instance), settings, rules),
      }),
    );
  });
}

function translate(
  instance: ServiceInstance,
  said: SaidByTags,
  settings: CoreSettings,
  rules: InstanceRules,
): InstanceState {
  const { traefik } = settings;
  const { exposure } = said;
  if (exposure.kind === "hidden") return hidden(instance, exposure.why, settings, rules);
  const tooLarge = rules.sizeFinding(instance);
  if (tooLarge !== undefined) return refused(instance, [tooLarge]);
  if (exposure.kind === "refused") return refused(instance, exposure.problems);
  if (!traefik.constraints(instance.tags)) return { kind: "hidden", why: "constraints" };
  if (exposure.connect) return rules.connect(instance);

  const asked = translateTags({ instance, said, exposure }, settings, rules);
  const unhealthy = whyUnserved(instance, settings, rules);
  if (unhealthy === undefined) return asked;
  const unfit = unfitFinding(instance);
  const diagnostics = unfit === undefined ? {} : { diagnostics: [diagnose(instance, unfit)] };
  if (asked.kind !== "routed") return { kind: "unhealthy", health: unhealthy, ...diagnostics };
  const { fragment, isCanary } = asked;
  return { kind: "unhealthy", health: unhealthy, fragment, ...diagnostics, ...(isCanary && { isCanary }) };
}

/** The health for which an instance gets no traffic. One of which nothing tells it is served. */
function whyUnserved(instance: ServiceInstance, settings: CoreSettings, rules: InstanceRules): Health | undefined {
  const health = rules.healthOf(instance);
  if (health === undefined) return undefined;
  if (!isServed(health, settings.traefik.strictChecks)) return health;
  if (!PRODUCT_RULES[instance.catalog].tellsHealth) return undefined;
  return rules.mustBeChecked(settings) && !isChecked(instance) ? UNCHECKED : undefined;
}

interface Tagged {
  readonly instance: ServiceInstance;
  readonly said: SaidByTags;
  readonly exposure: Exposed;
}

/** What an instance's tags ask for, and whether it may have that, whatever its health. */
function translateTags(
  { instance, said, exposure }: Tagged,
  settings: CoreSettings,
  rules: InstanceRules,
): InstanceState {
  const { hints, decoded, own } = said.asked();
  if (decoded.kind === "refused" || own.kind === "refused") {
    return refused(instance, [...problemsOf(decoded), ...problemsOf(own), ...hints]);
  }
  const found = rules.serverOf(instance, own.tags, healthOf(instance), settings);
  if (found.kind === "refused") return refused(instance, [found.finding, ...hints]);

  const isCanary = exposure.markedCanary || isOnTrial(instance);
  const { canaryPercent } = own.tags;
  // With a share of its service's requests, it goes by the service's name.
  const nameInTags = defaultName(instance, canaryPercent === undefined && rules.isCanary(exposure));
  const subject = {
    instance,
    defaultName: rules.inNamespace(nameInTags, instance, settings),
    defaultNameInTags: nameInTags,
    labels: said.labels,
    server: isCanary && canaryPercent !== undefined ? { ...found.server, canaryPercent } : found.server,
    settings,
    authEndpoints: authEndpointsOf(instance, settings),
    rules: rules.fragments,
  };
  const built = buildFragment(subject, decoded.config, said.sibling);
  if (built.kind === "refused") return refused(instance, [...built.findings, ...hints]);
  const isSound = built.findings.length + built.fragment.leftOut.size === 0;
  if (isSound) said.sibling = { subject, fragment: built.fragment };
  const isWeightLost = own.tags.weight !== undefined && built.fragment.config["http/services"].size === 0;
  const reported = [
    ...built.findings,
    ...(isWeightLost ? [WEIGHT_LOST] : []),
    ...(canaryPercent !== undefined && !isCanary ? [NO_CANARY] : []),
  ];
  const permitted = rules.permit(instance, built.fragment, reported, settings);
  if (permitted.kind === "refused") {
    const { leftOut } = permitted;
    return { ...refused(instance, [...permitted.findings, ...hints]), ...(leftOut && { leftOut }) };
  }
  const dressed = rules.putDefaultsBefore(permitted.fragment, { ...subject, tags: own.tags });
  const { fragment, findings } = rules.meetDemands(dressed.fragment, { ...subject, tags: own.tags });
  const diagnostics = diagnoseAll(instance, [...permitted.findings, ...dressed.findings, ...findings, ...hints]);
  return {
    kind: "routed",
    fragment,
    diagnostics,
    ...(isCanary && { isCanary: true }),
    ...(own.tags.standby && { isStandby: true }),
  };
}

/** Nomad says so of an instance's allocation, until the deployment is promoted, whatever the tags say. */
function isOnTrial({ allocation }: ServiceInstance): boolean {
  return allocation?.kind === "of-job" && allocation.isCanary;
}

function hidden(
  instance: ServiceInstance,
  why: WhyHidden,
  { traefik }: CoreSettings,
  rules: InstanceRules,
): InstanceState {
  const hint = rules.notEnabledHint(instance, traefik.prefix);
  if (hint === undefined || !traefik.constraints(instance.tags)) return { kind: "hidden", why };
  return { kind: "hidden", why, diagnostics: [diagnose(instance, hint)] };
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

const NO_CANARY: Finding = {
  code: "VALUE_IGNORED",
  message:
    "tag portolan.canary.weight counts for canaries only, and this instance is none: it has its share as all others do",
  remedy:
    "mark it as a canary (traefik.consulcatalog.canary=true, in Nomad traefik.nomad.canary=true, both in canary_tags), or remove the tag",
};

const CONNECT: Finding = {
  code: "TAG_UNSUPPORTED",
  message: "the tag consulcatalog.connect asks for Consul Connect, whose certificates portolan does not hand out",
  remedy: "remove the tag, or route this service by traefik's own provider",
};

function refused(instance: ServiceInstance, findings: readonly Finding[]): InstanceState {
  return { kind: "refused", diagnostics: diagnoseAll(instance, findings) };
}
