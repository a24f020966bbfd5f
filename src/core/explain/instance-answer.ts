import { toldHealthOf } from "../catalog/health.ts";
import { labelOf } from "../catalog/instance-label.ts";
import { instanceKey } from "../catalog/snapshot.ts";
import type { ExplainedInstance, ExplainedRouter, Reason } from "./answer.ts";
import type { Decided } from "./decided.ts";
import { ifHealthy, type KnownInstance } from "./known-services.ts";
import { toldOf } from "./told.ts";
import { waitingReason } from "./waiting.ts";
import { reasonsOfInstance } from "./way/instance-reasons.ts";
import { wayOf } from "./way/instance-way.ts";
import { distinct, isBlocking, reasonOf } from "./way/reason.ts";
import { byStage } from "./way/stages.ts";
import { meaningsOf } from "./way/tag-meaning.ts";

/**
 * One instance, with its way from the catalog to the chart.
 *
 * @param routers those of its service
 * @param serving the keys of the instances that a router in the chart leads to
 */
export function explainInstance(
  { instance, translated }: KnownInstance,
  routers: readonly ExplainedRouter[],
  serving: ReadonlySet<string>,
  decided: Decided,
): ExplainedInstance {
  const { settings, decision, snapshots, catalogs, nowMs } = decided;
  const isServing = serving.has(instanceKey(instance));
  const snapshot = snapshots.find(({ catalogName }) => catalogName === instance.catalogName);
  const catalog = catalogs.find(({ name }) => name === instance.catalogName);
  const waits = waitingReason(instance, translated !== undefined, decided);
  const own = translated === undefined ? [] : reasonsOfInstance(translated, settings, catalog);
  // Health counts before tags; what is wrong with the tags besides will count as soon as the health is mended.
  const isUnread = translated?.state.kind === "unhealthy" && translated.state.fragment === undefined;
  const besides =
    isUnread && translated !== undefined ? reasonsOfInstance(ifHealthy(translated, settings), settings, catalog) : [];
  const told = toldOf(instance, decision.diagnostics).filter(isBlocking).map(reasonOf);
  const isGraced = waits?.code === "CRITICAL_GRACE";
  const reasons = distinct([...(waits === undefined || isGraced ? [] : [waits]), ...own, ...besides, ...told]).toSorted(
    byStage,
  );
  const health = toldHealthOf(instance)?.status ?? "";
  const { datacenter, address, nodeAddress, port, checks } = instance;
  return {
    ...labelOf(instance),
    datacenter,
    address: address === "" ? nodeAddress : address,
    port,
    health,
    checks: checks.map(({ id: checkId, name, status, ofNode }) => ({
      ...{ name: name || checkId, status, isNodes: ofNode === true },
    })),
    ...meaningsOf(instance, settings),
    way: wayOf({
      ...{ translated, instance, snapshot, catalog, settings, health, routers, isServing, nowMs },
      reasons: reasons.filter(isOwn),
      waits: waits?.message,
    }),
    reasons,
    isServing,
  };
}

/** Not what a later stage reports of a router: that is told with the router. */
function isOwn({ stage }: Reason): boolean {
  return ["exposure", "health", "tags", "port", "policy", "turn"].includes(stage);
}
