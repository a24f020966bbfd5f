import { AppError } from "../base/errors.ts";
import { actionFor, type ControlAction } from "../control/control-action.ts";
import { RELEASE, type Released, ROLLBACK, VERSIONS } from "../control/orders.ts";
import type { Sender } from "../control/sender.ts";
import { MAIN_EDGE } from "../core/settings.ts";
import { type ResourceKey, routerLabel } from "../core/traefik/chart/dynamic-config.ts";
import type { EventLog } from "../observe/log/event-log.ts";
import type { Edge } from "./edges/edge.ts";
import { heldRouters } from "./held-routers.ts";

/** What the daemon does on each order. */
export function controlActions(edges: readonly Edge[], log: EventLog): readonly ControlAction[] {
  function tell(order: string, sender: Sender): void {
    log.emit("control.ordered", `${order}, ordered by ${senderInWords(sender)}`, { sender });
  }

  return [
    actionFor(RELEASE, async ({ kept = false, routers }, sender) => {
      tell(["release", ...(kept ? ["--kept"] : []), ...(routers ?? [])].join(" "), sender);
      const released: Released[] = [];
      if (routers !== undefined) {
        const wanted = heldRouters(edges, routers);
        for (const edge of edges) {
          const ofEdge = wanted.get(edge.name);
          if (ofEdge !== undefined) released.push(...(await release(edge, ofEdge)));
        }
        return { released };
      }
      if (kept) {
        for (const { name: chart, daemon } of edges) {
          const routers = daemon.releaseKept().map(routerLabel);
          if (routers.length > 0) released.push({ chart, kind: "kept", routers });
        }
        return { released };
      }
      for (const edge of edges) released.push(...(await release(edge)));
      return { released };
    }),
    actionFor(ROLLBACK, async ({ number, chart = MAIN_EDGE }, sender) => {
      tell(`rollback of chart ${chart} to version ${number}`, sender);
      const edge = edges.find(({ name }) => name === chart);
      if (edge === undefined) throw unknownChart(chart, edges);
      const rollback = await edge.daemon.rollBack(number);
      return { chart, version: rollback.number };
    }),
    actionFor(VERSIONS, async () => ({ charts: await Promise.all(edges.map(versionsOf)) })),
  ];
}

/** It is not known whether it is true. */
function senderInWords({ user, terminal }: Sender): string {
  if (user === undefined) return "a sender that gives no name";
  return `user ${user}${terminal === undefined ? "" : ` on ${terminal}`}, as the sender says`;
}

async function release(
  { name: chart, daemon }: Edge,
  routers?: ReadonlySet<ResourceKey>,
): Promise<readonly Released[]> {
  const { rollback, holds } = await daemon.release(routers);
  const released: Released[] = [];
  if (rollback !== undefined) released.push({ chart, kind: "rollback", version: rollback.number, routers: [] });
  for (const { catalogName, kind, routers } of holds) {
    const catalog = catalogName === undefined ? {} : { catalog: catalogName };
    released.push({ chart, ...catalog, kind, routers: routers.map(routerLabel) });
  }
  return released;
}

function unknownChart(chart: string, edges: readonly Edge[]): AppError {
  const known = edges.map(({ name }) => name).join(", ");
  return new AppError(`there is no chart ${JSON.stringify(chart)}; known: ${known}`, {
    code: "E_ROLLBACK",
    retryable: false,
  });
}

async function versionsOf({ name: chart, daemon, versions }: Edge) {
  return {
    chart,
    rolledBackTo: daemon.rollback()?.number ?? null,
    versions: (await versions.list()).map(({ publishedAtMs, ...version }) => ({
      ...version,
      publishedAt: new Date(publishedAtMs).toISOString(),
    })),
  };
}
