import { weaknessOf } from "../catalog/health.ts";
import { type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import { noteChanges } from "../incremental/lineage.ts";
import { memoize, memoizeByItems } from "../incremental/memoize.ts";
import type { OperatorConfig } from "../operator-config/operator-config.ts";
import type { CoreSettings } from "../settings.ts";
import { prefixerFor } from "./catalog-prefix.ts";
import { failOpen } from "./fail-open.ts";
import { translatorFor } from "./instance.ts";
import { groupByService, type Translated, type TranslatedServices } from "./instance-state.ts";
import { putOnStandby } from "./standby.ts";
import { giveWay } from "./yielding.ts";

/** The instances of each catalog service, by its key, in the order in which they come. */
export function instancesByService(
  instances: readonly ServiceInstance[],
): ReadonlyMap<string, readonly ServiceInstance[]> {
  const services = new Map<string, ServiceInstance[]>();
  let key = "";
  let own: ServiceInstance[] | undefined;
  for (const instance of instances) {
    const last = own?.[0];
    // Nearly always an instance follows one of its own service: no look-up for those.
    if (last === undefined || !isOfSameService(last, instance)) {
      key = serviceKey(instance);
      own = services.get(key);
      if (own === undefined) {
        own = [];
        services.set(key, own);
      }
    }
    own?.push(instance);
  }
  return services;
}

/**
 * All instances of one catalog, translated. A service that has not changed is the same list as before.
 *
 * @param before an earlier result by the same settings: services whose instances follow each other as then are not looked up
 */
export function translateServices(
  instances: readonly ServiceInstance[],
  settings: CoreSettings,
  before: TranslatedServices = new Map(),
): TranslatedServices {
  const services = new Map<string, readonly Translated[]>();
  const changed = new Map<string, ServiceInstance[]>();
  for (let start = 0; start < instances.length; ) {
    const first = instances[start];
    if (first === undefined) break;
    const key = serviceKey(first);
    const known = services.has(key) ? undefined : before.get(key);
    if (known !== undefined && isRunAt(known, instances, start)) {
      services.set(key, known);
      start += known.length;
      continue;
    }
    const end = endOfRun(instances, start);
    const own = changed.get(key) ?? (services.get(key) ?? []).map(({ instance }) => instance);
    own.push(...instances.slice(start, end));
    changed.set(key, own);
    services.set(key, []);
    start = end;
  }
  const translate = serviceTranslator(settings);
  for (const [key, own] of changed) services.set(key, translate(own));
  const gone = [...before.keys()].filter((key) => !services.has(key));
  noteChanges(services, before, [...changed.keys(), ...gone]);
  return services;
}

/** All instances of several catalogs: what one of them does not serve, another one may, and names may be prefixed. */
export function translateTogether(
  instances: readonly ServiceInstance[],
  settings: CoreSettings,
  operatorConfig: OperatorConfig,
): TranslatedServices {
  const own = instances.map(translatorFor(settings));
  const given = instances.some(weaknessOf) ? [...groupByService(own).values()].flatMap(giveWay) : own;
  const serving = failOpen(given, settings);
  const translated = putOnStandby(serving, settings).map(prefixerFor(settings, operatorConfig));
  return new Map([...groupByService(translated)].map(([key, own]) => [key, sameList(own)]));
}

/** The very list that was given before, where its items are the same: what is made of it is memoized by it. */
const sameList = memoizeByItems((own: readonly Translated[]) => own);

/** Where the instances of the service end that one of them starts with. */
function endOfRun(instances: readonly ServiceInstance[], start: number): number {
  const first = instances[start];
  let end = start + 1;
  for (; end < instances.length; end += 1) {
    const next = instances[end];
    if (first === undefined || next === undefined || !isOfSameService(first, next)) break;
  }
  return end;
}

/** As equal keys would say, without making them. */
function isOfSameService(one: ServiceInstance, other: ServiceInstance): boolean {
  return one.service === other.service && one.namespace === other.namespace && one.catalogName === other.catalogName;
}

/** Do these, and no others of their service, stand there in a row? By identity: most of thousands are as they were. */
function isRunAt(known: readonly Translated[], instances: readonly ServiceInstance[], start: number): boolean {
  for (let i = 0; i < known.length; i += 1) if (known[i]?.instance !== instances[start + i]) return false;
  const [first, next] = [instances[start], instances[start + known.length]];
  return first !== undefined && (next === undefined || !isOfSameService(first, next));
}

/** Translates all instances of one service; memoized for each settings object, as single instances are. */
export const serviceTranslator = memoize((settings: CoreSettings) =>
  memoizeByItems((own: readonly ServiceInstance[]) =>
    putOnStandby(failOpen(giveWay(own.map(translatorFor(settings))), settings), settings),
  ),
);

/**
 * Finds, of one service's instances, those that get traffic by their tags and their health, or would if it were their turn:
 * one that takes over from standby is no news of its service.
 */
export const servedAmong = (settings: CoreSettings) => {
  const translate = serviceTranslator(settings);
  return (own: readonly ServiceInstance[]): readonly ServiceInstance[] =>
    translate(own)
      .filter(({ state }) => state.kind === "routed" || state.kind === "standby")
      .map(({ instance }) => instance);
};

/** Finds the instances of a service, by its key. */
export const instancesAmong =
  (services: TranslatedServices) =>
  (service: string): readonly ServiceInstance[] =>
    (services.get(service) ?? []).map(({ instance }) => instance);
