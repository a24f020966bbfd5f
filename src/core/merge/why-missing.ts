import { namesIn } from "../default-middlewares/defaults-at.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { nameInText } from "../diagnostics/name-in-text.ts";
import { memoize } from "../incremental/memoize.ts";
import type { Translated, TranslatedServices } from "../instances/instance-state.ts";
import type { Pass } from "../stage.ts";
import { type ResourceKey, resourceKey, SECTIONS, type Section } from "../traefik/chart/dynamic-config.ts";
import { type NamedReference, targetOf, wordOf } from "../traefik/chart/references.ts";
import { labelsOf } from "../traefik/labels/labels.ts";
import { defaultName, inNamespace } from "../translate/default-name.ts";
import { contributionOf } from "./contribution.ts";

/** What is wrong with an object that refers to something that the chart does not have. */
export type ExplainMissing = (section: Section, name: string, missing: NamedReference) => Finding;

/** Why something that a service defines is not charted, as the end of a sentence about what refers to it. */
interface Uncharted {
  readonly code: "REFERENCE_REFUSED" | "REFERENCE_UNKNOWN";
  /** Undefined where the object may be the operator's. */
  readonly service?: string;
  /** `which was left out: …` */
  readonly why: string;
  readonly remedy: string;
}

/**
 * Explains, one after the other, the objects that are left out because they refer to something that is not charted: it was
 * left out itself, or an instance defines it that gets no traffic, or no instance does. What has been explained counts as
 * left out in what is explained later.
 */
export function explainMissing(
  { settings, neighbours }: Pick<Pass, "settings" | "neighbours">,
  services: TranslatedServices,
): ExplainMissing {
  const explained = new Map<ResourceKey, Uncharted>();
  return (section, name, missing) => {
    if (missing.kind === "middleware" && namesIn(settings.traefik.defaultMiddlewares).has(missing.name)) {
      return undefinedDefault(section, name, missing.name);
    }
    const target = targetOf(section, missing);
    const missingKey = target === undefined ? undefined : resourceKey(target, missing.name);
    const found =
      missingKey === undefined
        ? undefined
        : (explained.get(missingKey) ??
          unchartedIn(settings)(services).get(missingKey) ??
          withoutTheName(missingKey, services));
    const finding =
      found === undefined
        ? unknownReference(section, name, missing, missingKey && neighbours.names.get(missingKey)?.file)
        : unchartedReference(section, name, missing, found);
    // The first cause goes on, so that a long chain does not make a long sentence.
    explained.set(resourceKey(section, name), {
      code: finding.code === "REFERENCE_REFUSED" ? finding.code : "REFERENCE_UNKNOWN",
      why: found?.code === "REFERENCE_REFUSED" ? found.why : `which was left out: ${finding.message}`,
      remedy: finding.remedy,
    });
    return finding;
  };
}

function unchartedReference(
  section: Section,
  name: string,
  { kind, name: missing }: NamedReference,
  { code, service, why, remedy }: Uncharted,
): Finding {
  const whose = service === undefined ? "" : ` of service ${JSON.stringify(service)}`;
  return {
    code,
    message: `${resourceKey(section, name)} refers to the ${wordOf(kind)} ${JSON.stringify(missing)}${whose}, ${why}`,
    remedy,
  };
}

/**
 * What is wrong with an object that refers to something that neither a service nor the operator's settings define.
 *
 * @param neighbour the file beside the chart that defines it
 */
function unknownReference(
  section: Section,
  name: string,
  { kind, name: missing }: NamedReference,
  neighbour: string | undefined,
): Finding {
  const isForFiles = kind === "serversTransport" || kind === "tlsOptions";
  const message = `${resourceKey(section, name)} refers to the ${wordOf(kind)} ${JSON.stringify(missing)}, which ${isForFiles ? "neither the settings nor a snippet define" : "no service defines"}`;
  const opening = kind === "middleware" ? "" : ", which the settings have to open (allow)";
  if (neighbour !== undefined) {
    const remedy = `write ${nameInText(`${missing}@file`)} for the one that ${nameInText(neighbour)} defines${opening}`;
    return { code: "REFERENCE_UNKNOWN", message, remedy };
  }
  return {
    code: "REFERENCE_UNKNOWN",
    message,
    remedy: `define it ${isForFiles ? "there, since tags cannot" : "with tags"}, or name its provider, for example ${nameInText(`${missing}@file`)} for one in a file of your own${opening}`,
  };
}

function undefinedDefault(section: Section, name: string, missing: string): Finding {
  return {
    code: "REFERENCE_UNKNOWN",
    message: `${resourceKey(section, name)} has the default middleware ${JSON.stringify(missing)} before its own, which no snippet defines`,
    remedy: `define ${nameInText(missing)} in a snippet, or take it out of the settings (defaultMiddlewares)`,
  };
}

/** A service that defines the name and has it not: it is another service's, or kept for one that is away. */
function withoutTheName(key: ResourceKey, services: TranslatedServices): Uncharted | undefined {
  for (const own of services.values()) {
    const definition = contributionOf(own).get(key);
    if (definition === undefined) continue;
    return {
      code: "REFERENCE_REFUSED",
      service: definition.instances[0]?.service ?? definition.service,
      why: "which was left out: the name, or one that it refers to, belongs to another service or to the operator",
      remedy: "see what is reported about that service, or refer to another name",
    };
  }
  return undefined;
}

type UnchartedNames = ReadonlyMap<ResourceKey, Uncharted>;

/** What instances define and do not get, of all services; a part that was refused comes before one that is only away. */
const unchartedIn = memoize((settings: Pass["settings"]) => {
  const ofService = memoize((own: readonly Translated[]) => unchartedOf(own, settings));
  return memoize((services: TranslatedServices): UnchartedNames => {
    const all = new Map<ResourceKey, Uncharted>();
    for (const own of services.values()) {
      for (const [key, uncharted] of ofService(own)) {
        const known = all.get(key);
        if (known === undefined || isBetter(uncharted, known)) all.set(key, uncharted);
      }
    }
    return all;
  });
});

function isBetter(one: Uncharted, other: Uncharted): boolean {
  if (one.code !== other.code) return one.code === "REFERENCE_REFUSED";
  return (one.service ?? "") < (other.service ?? "");
}

function unchartedOf(own: readonly Translated[], settings: Pass["settings"]): UnchartedNames {
  const found = new Map<ResourceKey, Uncharted>();
  const note = (key: ResourceKey, uncharted: Uncharted) => {
    const known = found.get(key);
    if (known === undefined || isBetter(uncharted, known)) found.set(key, uncharted);
  };
  for (const one of own) {
    const { service } = one.instance;
    if (one.state.kind === "routed") {
      for (const [key, { cause }] of one.state.fragment.leftOut) note(key, refusedFor(cause, service));
      continue;
    }
    const uncharted = whyAway(one);
    const causes = one.state.kind === "refused" ? one.state.leftOut : undefined;
    for (const key of namesInTags(one, settings)) {
      const own = causes?.get(key);
      note(key, own === undefined ? uncharted : refusedFor(own.cause, service));
    }
  }
  return found.size === 0 ? NONE : found;
}

const NONE: UnchartedNames = new Map();

function refusedFor({ message, remedy }: Pick<Finding, "message" | "remedy">, service: string): Uncharted {
  return { code: "REFERENCE_REFUSED", service, why: `which was left out: ${message}`, remedy };
}

function whyAway({ instance: { service }, state }: Translated): Uncharted {
  const [first] = state.kind === "refused" ? state.diagnostics : [];
  if (first !== undefined) return refusedFor(first, service);
  if (state.kind === "standby") {
    return {
      code: "REFERENCE_UNKNOWN",
      service,
      why: "of which this instance is on standby",
      remedy: "give that tag to its active instances, too",
    };
  }
  return state.kind === "unhealthy"
    ? {
        code: "REFERENCE_UNKNOWN",
        service,
        why: "which has no healthy instance",
        remedy: "mend that service or its checks",
      }
    : {
        code: "REFERENCE_UNKNOWN",
        service,
        why: "which asks for no routes, so that its tags do not count",
        remedy: "give that service the tag traefik.enable=true, or define it elsewhere",
      };
}

/** What an instance's tags define, as far as their keys tell: names and sections, whatever the values are. */
function namesInTags({ instance, state }: Translated, settings: Pass["settings"]): ReadonlySet<ResourceKey> {
  const names = new Set<ResourceKey>();
  const { tags, catalog, catalogName } = instance;
  const before = settings.equalNames === "prefix" && catalogName !== undefined ? `${catalogName}_` : "";
  for (const key of labelsOf(tags, settings.traefik.prefix, catalog).keys()) {
    const [, protocol = "", kind = "", name = ""] = key.split(".");
    const section = SECTIONS.find((one) => one === `${protocol}/${kind}`.toLowerCase());
    if (section !== undefined && name !== "") names.add(resourceKey(section, before + name));
  }
  const hasService = [...names].some((key) => /^[a-z]+\/services\//.test(key));
  if (!hasService && state.kind !== "hidden") {
    names.add(resourceKey("http/services", before + inNamespace(defaultName(instance, false), instance, settings)));
  }
  return names;
}
