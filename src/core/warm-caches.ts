import { instancesByService } from "./catalog/grouped-instances.ts";
import type { ServiceInstance } from "./catalog/snapshot.ts";
import { translatorLikeTraefik } from "./compat/translator.ts";
import { changedRange } from "./incremental/changed-range.ts";
import type { Steps } from "./incremental/steps.ts";
import { serviceTranslator } from "./instances/translated-services.ts";
import type { Memory } from "./memory.ts";
import { contributionOf } from "./merge/contribution.ts";
import type { CoreSettings } from "./settings.ts";
import { metricsJudge } from "./targets/catalog-targets.ts";
import { chartLine } from "./traefik/chart/render.ts";

/**
 * Does in small steps what a pass would do at once for each service by itself: translates its instances, unites what they
 * define, writes the lines of the chart and judges what they say of their metrics. The pass finds the results memoized, and
 * comes to the same without them.
 *
 * @param before what the last pass knew; by the same settings object the instances that were reported to it are warm already
 */
export function* warmCaches(
  instances: readonly ServiceInstance[],
  settings: CoreSettings,
  { translation: { latest }, damping }: Pick<Memory, "translation" | "damping">,
): Steps<void> {
  const warm = latest?.settings === settings ? damping?.reported.instances : undefined;
  const news = changedRange(warm ?? [], instances);
  if (news.reduce((sum, { tags }) => sum + tags.length, news.length) < FEW) return;
  if (settings.compat === "traefik") {
    const translate = translatorLikeTraefik(settings);
    for (const instance of news) yield void translate(instance);
    return;
  }
  const translate = serviceTranslator(settings);
  const judgeMetrics = metricsJudge(settings);
  // All of them, since a list that is cut would leave services in pieces.
  for (const own of instancesByService(instances).values()) {
    for (const { name, object } of contributionOf(translate(own)).values()) chartLine(name, object);
    for (const instance of own) judgeMetrics(instance);
    yield;
  }
}

/** So many instances and tags together are done within a pass without a delay that anything else would notice. */
const FEW = 1_000;
