import { instanceKey, type ServiceInstance } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import { canaryPercentOf } from "../traefik/chart/canary-share.ts";
import { kindOf, type ResourceKey, resourceKey } from "../traefik/chart/dynamic-config.ts";
import { meaningOf } from "../traefik/chart/meaning.ts";
import { type NamedReference, referencesOf } from "../traefik/chart/references.ts";
import { referredKey } from "../traefik/chart/referred-key.ts";
import { serversOf } from "../traefik/chart/servers.ts";
import { type Definition, type InstanceDefinition, uniteDefinitions } from "./definition.ts";

/** The definitions that count, and what is reported about those that do not. */
export interface CountingDefinitions {
  readonly definitions: readonly InstanceDefinition[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Leaves out what canaries define otherwise than the healthy stable instances of their service do. A canary is newer, so
 * that its definition would count as that of a rolling deploy: production would move to an instance that is on trial. What
 * else of the canary refers to such a name is left out with it: under that name it would reach what the stable instances
 * mean. Equal definitions are shared as ever, and where no healthy stable instance defines a name, the canary's counts.
 *
 * | a canary's definition of a name | and the stable instances' | the canary's |
 * |---|---|---|
 * | any | none | counts |
 * | same meaning | any | is shared: a service gets its server |
 * | another meaning | any | is left out, with what refers to it |
 * | same meaning, of a service | used by a router that is left out, and by no other of the canary | is left out: no server, unless the canary has a share (`portolan.canary.weight`) |
 *
 * @param definitions of all routed instances of one catalog service
 */
export function leaveOutCanaries(definitions: readonly InstanceDefinition[]): CountingDefinitions {
  const canaries = definitions.filter(({ isCanary }) => isCanary);
  if (canaries.length === 0 || canaries.length === definitions.length) return { definitions, diagnostics: [] };
  const shapeByKey = shapes(definitions.filter(({ isCanary }) => !isCanary));
  const leftOut = new Set<InstanceDefinition>();
  const diagnostics: Diagnostic[] = [];
  for (const own of byInstance(canaries)) {
    const missing = new Set<string>();
    for (const one of own) {
      const key = keyOf(one);
      const stable = shapeByKey.get(key);
      if (stable === undefined || meaningOf(one.section, one.object) === stable) continue;
      leftOut.add(one);
      missing.add(key);
      diagnostics.push(definedOtherwise(one.instance, key));
    }
    for (const { definition, reference } of dependents(own, missing)) {
      leftOut.add(definition);
      // What the stable instances define alike is theirs, and stays.
      if (!shapeByKey.has(keyOf(definition))) {
        diagnostics.push(refersToStable(definition.instance, keyOf(definition), reference));
      }
    }
    for (const one of servicesOfLeftOut(own, leftOut)) {
      if (shapeByKey.has(keyOf(one)) && !hasShare(one)) leftOut.add(one);
    }
    const sharing = own.filter(hasShare);
    const [first] = sharing;
    if (first !== undefined && !sharing.some((one) => shapeByKey.has(keyOf(one)))) {
      diagnostics.push(sharesNothing(first.instance));
    }
  }
  return { definitions: definitions.filter((one) => !leftOut.has(one)), diagnostics };
}

/** Is it a service with a server that has a canary's share? */
function hasShare({ object }: InstanceDefinition): boolean {
  return serversOf(object).some((server) => canaryPercentOf(server) !== undefined);
}

/** Which definitions of a name count, of all services that define it. */
export interface CountingServices {
  readonly definitions: readonly Definition[];
  readonly leftOut: readonly Definition[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The same between catalogs that are merged: where one has but canaries of a service that another one has healthy stable
 * instances of, the definition of the stable ones counts.
 */
export function leaveOutCanaryServices(key: ResourceKey, definitions: readonly Definition[]): CountingServices {
  const stable = definitions.filter(({ isCanary }) => !isCanary);
  const leftOut = definitions.filter(
    (one) =>
      one.isCanary &&
      stable.some((other) => nameOf(other) === nameOf(one)) &&
      stable.every((other) => other.shape !== one.shape),
  );
  if (leftOut.length === 0) return { definitions, leftOut, diagnostics: [] };
  return {
    definitions: definitions.filter((one) => !leftOut.includes(one)),
    leftOut,
    diagnostics: leftOut.flatMap(({ instances }) => instances.map((one) => definedOtherwise(one, key))),
  };
}

/** Catalogs name a service and its namespace alike; one may have no namespaces. */
function nameOf({ namespace, instances }: Definition): string {
  return `${namespace}/${instances[0]?.service}`;
}

/** What the stable instances mean by each name; of several meanings the newest. */
function shapes(stable: readonly InstanceDefinition[]): ReadonlyMap<ResourceKey, string> {
  const grouped = Map.groupBy(stable, keyOf);
  const shapeByKey = new Map<ResourceKey, string>();
  for (const [key, same] of grouped) {
    const united = uniteDefinitions(same);
    if (united !== undefined) shapeByKey.set(key, united.shape);
  }
  return shapeByKey;
}

function byInstance(definitions: readonly InstanceDefinition[]): Iterable<readonly InstanceDefinition[]> {
  return Map.groupBy(definitions, ({ instance }) => instanceKey(instance)).values();
}

interface Dependent {
  readonly definition: InstanceDefinition;
  readonly reference: NamedReference;
}

/** What of one instance refers to the names that it did not get, directly or through others of its own. */
function dependents(own: readonly InstanceDefinition[], refused: ReadonlySet<string>): readonly Dependent[] {
  const missing = new Set(refused);
  const found: Dependent[] = [];
  for (let before = -1; before !== missing.size; ) {
    before = missing.size;
    for (const definition of own) {
      if (missing.has(keyOf(definition))) continue;
      const { section, object } = definition;
      const reference = referencesOf(section, object).find((one) => missing.has(referredKey(section, one)));
      if (reference === undefined) continue;
      missing.add(keyOf(definition));
      found.push({ definition, reference });
    }
  }
  return found;
}

/** The services that only those routers of an instance lead to that are left out. */
function servicesOfLeftOut(
  own: readonly InstanceDefinition[],
  leftOut: ReadonlySet<InstanceDefinition>,
): readonly InstanceDefinition[] {
  const routers = own.filter(({ section }) => kindOf(section) === "routers");
  const used = targetsOf(routers.filter((one) => !leftOut.has(one)));
  const lost = targetsOf(routers.filter((one) => leftOut.has(one)));
  return own.filter((one) => kindOf(one.section) === "services" && lost.has(keyOf(one)) && !used.has(keyOf(one)));
}

function targetsOf(definitions: readonly InstanceDefinition[]): ReadonlySet<string> {
  return new Set(
    definitions.flatMap(({ section, object }) => referencesOf(section, object).map((one) => referredKey(section, one))),
  );
}

function keyOf({ section, name }: InstanceDefinition): ResourceKey {
  return resourceKey(section, name);
}

function definedOtherwise(canary: ServiceInstance, key: ResourceKey): Diagnostic {
  return diagnose(canary, {
    code: "CANARY_LEFT_OUT",
    leavesOut: key,
    message: `${key} of the canary differs from that of the healthy stable instances of its service, whose definition counts`,
    remedy:
      "give it a name of its own in the canary's tags, or the same definition in both; after the promotion the new one counts",
  });
}

function sharesNothing(canary: ServiceInstance): Diagnostic {
  return diagnose(canary, {
    code: "VALUE_IGNORED",
    message:
      "tag portolan.canary.weight counts for a service that the canary and the healthy stable instances both define, and there is none",
    remedy: "give the canary's service the name that the stable instances give theirs, or remove the tag",
  });
}

function refersToStable(canary: ServiceInstance, key: ResourceKey, { kind, name }: NamedReference): Diagnostic {
  return diagnose(canary, {
    code: "CANARY_LEFT_OUT",
    leavesOut: key,
    message: `${key} of the canary refers to the ${kind} ${JSON.stringify(name)}, which the healthy stable instances of its service define differently`,
    remedy: `give the canary's ${kind} a name of its own in the canary's tags`,
  });
}
