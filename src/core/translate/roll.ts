import { failOpen } from "../policy/fail-open.ts";
import type { Roll } from "../presence.ts";
import { remember, rememberList } from "../remember.ts";
import type { CoreSettings } from "../settings.ts";
import { type ServiceInstance, serviceKey } from "../snapshot.ts";
import { type Translated, translatorFor } from "./instance.ts";

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
    if (last === undefined || last.service !== instance.service || last.namespace !== instance.namespace) {
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

/** Everybody who is in the catalog, translated. A service that has not changed is the same list as before. */
export function translateServices(instances: readonly ServiceInstance[], settings: CoreSettings): Roll {
  const translate = serviceTranslator(settings);
  const roll = new Map<string, readonly Translated[]>();
  for (const [service, own] of instancesByService(instances)) roll.set(service, translate(own));
  return roll;
}

/** Translates all instances of one service; remembered for each settings object, as single instances are. */
export const serviceTranslator = remember((settings: CoreSettings) =>
  rememberList((own: readonly ServiceInstance[]) => failOpen(own.map(translatorFor(settings)), settings)),
);
