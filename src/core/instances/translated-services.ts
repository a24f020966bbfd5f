import {
  type GroupedInstances,
  instancesByService,
  type ServiceChange,
  wholeChange,
} from "../catalog/grouped-instances.ts";
import { weaknessOf } from "../catalog/health.ts";
import type { ServiceInstance } from "../catalog/snapshot.ts";
import { copyOnWrite } from "../incremental/copy-on-write-map.ts";
import { noteChanges } from "../incremental/lineage.ts";
import { memoize, memoizeByItems } from "../incremental/memoize.ts";
import { isSameList } from "../incremental/same-list.ts";
import type { OperatorConfig } from "../operator-config/operator-config.ts";
import type { CoreSettings } from "../settings.ts";
import { prefixerFor } from "./catalog-prefix.ts";
import { failOpen } from "./fail-open.ts";
import { translatorFor } from "./instance.ts";
import { groupByService, type Translated, type TranslatedServices } from "./instance-state.ts";
import { putOnStandby } from "./standby.ts";
import { giveWay } from "./yielding.ts";

/**
 * All instances of one catalog, translated, by service in the order in which they come. A service that has not changed is the
 * same list as before.
 *
 * @param before an earlier result by the same settings, and the instances that it was made of: where the two lists are alike,
 *   only services that have changed are looked at
 */
export function translateServices(
  grouped: GroupedInstances,
  settings: CoreSettings,
  before?: { readonly services: TranslatedServices; readonly grouped: GroupedInstances },
): TranslatedServices {
  const translate = serviceTranslator(settings);
  const change = before && wholeChange(before.grouped, grouped.instances);
  if (before !== undefined && change !== undefined) return replaceServices(before.services, change, translate);
  return new Map(Array.from(instancesByService(grouped.instances), ([key, own]) => [key, translate(own)] as const));
}

/** The services in their order, with those that have changed in place of what stood there. */
function replaceServices(
  before: TranslatedServices,
  { left, came, next }: ServiceChange,
  translate: (own: readonly ServiceInstance[]) => readonly Translated[],
): TranslatedServices {
  const keys = [...came.keys()];
  if (isSameList(keys, [...left.keys()])) {
    const services = copyOnWrite(before);
    for (const [key, own] of came) services.put(key, translate(own));
    return services.result();
  }
  const services = new Map<string, readonly Translated[]>();
  const place = () => {
    for (const [key, own] of came) services.set(key, translate(own));
  };
  for (const [key, own] of before) {
    if (key === next) place();
    if (!left.has(key)) services.set(key, own);
  }
  if (next === undefined) place();
  noteChanges(services, before, [...left.keys(), ...keys]);
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
