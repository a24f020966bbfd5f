import type { ServiceInstance } from "./catalog/snapshot.ts";
import { changedRange } from "./incremental/changed-range.ts";
import type { Steps } from "./incremental/steps.ts";
import { translatorFor } from "./instances/instance.ts";
import { instancesByService, serviceTranslator } from "./instances/translated-services.ts";
import { contributionOf } from "./merge/contribution.ts";
import type { CoreSettings } from "./settings.ts";
import { chartLine } from "./traefik/chart/render.ts";

/**
 * Does in small steps what a pass would do at once for each service by itself: translates its instances, unites their
 * wishes and writes the lines of the chart. The pass finds it remembered, and comes to the same without it.
 *
 * @param known instances that were prepared before, by the same settings
 */
export function* warmCaches(
  instances: readonly ServiceInstance[],
  settings: CoreSettings,
  known: readonly ServiceInstance[],
): Steps<void> {
  const news = changedRange(known, instances);
  if (news.reduce((sum, { tags }) => sum + tags.length, news.length) < LITTLE) return;
  if (settings.compat === "traefik") {
    const translate = translatorFor(settings);
    for (const instance of news) yield void translate(instance);
    return;
  }
  const translate = serviceTranslator(settings);
  // All of them, since a list that is cut would leave services in pieces.
  for (const own of instancesByService(instances).values()) {
    for (const { name, object } of contributionOf(translate(own)).values()) chartLine(name, object);
    yield;
  }
}

/** As many instances and tags are done within a pass without anybody noticing. */
const LITTLE = 1_000;
