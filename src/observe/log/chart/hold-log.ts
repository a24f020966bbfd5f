import { count, someNames } from "../../../base/count.ts";
import type { Hold } from "../../../core/removals/hold.ts";
import { type ResourceKey, routerLabel } from "../../../core/traefik/chart/dynamic-config.ts";
import { catalogData } from "../../catalog-label.ts";
import type { DaemonObserver } from "../../observer.ts";
import type { EventLog } from "../event-log.ts";
import { holdReason } from "../hold-reason.ts";
import { bytesOf, cutToBytes } from "../text-size.ts";

/** A hold that was told, and which of its routers. */
interface ToldHold {
  readonly sinceMs: number;
  readonly routers: ReadonlySet<ResourceKey>;
}

/** A hold is told again when it holds so many routers that were not told, and at least half as many as were. */
const LEAST_NEWS = 10;

/** What the log says about holds: why each begins, how it grows and how it ends. */
export function createHoldLog(log: EventLog): Pick<DaemonObserver, "held" | "released" | "confirmFailed"> {
  const told = new Map<string, ToldHold>();

  /** Whether the hold is worth a line: a catalog whose services go one by one adds a router with every pass. */
  function isNews(hold: Hold): boolean {
    const known = told.get(keyOf(hold));
    if (known === undefined || known.sinceMs !== hold.sinceMs) return true;
    const untold = hold.routers.filter((router) => !known.routers.has(router)).length;
    return untold >= Math.max(LEAST_NEWS, known.routers.size / 2);
  }

  function note({ sinceMs, routers, ...hold }: Hold): void {
    const known = told.get(keyOf(hold));
    const before = known?.sinceMs === sinceMs ? known.routers : [];
    told.set(keyOf(hold), { sinceMs, routers: new Set([...before, ...routers]) });
  }

  return {
    held(hold) {
      if (!isNews(hold)) return;
      note(hold);
      const { catalogName, kind, routers, endsAtMs } = hold;
      const names = routers.map(routerLabel);
      const whose =
        routers.length === 1 ? "router is held with the servers it had" : "routers are held with the servers they had";
      log.emit(
        "chart.held",
        `${routers.length} ${whose} (${someNames(names.map(shortened), MOST_NAMES)}): ${holdReason(hold)}`,
        {
          ...catalogData(catalogName),
          kind,
          routers: fitting(names),
          count: routers.length,
          ...(endsAtMs === undefined ? {} : { ends: new Date(endsAtMs).toISOString() }),
        },
      );
    },
    released(hold, isByHand) {
      const { catalogName, kind, routers } = hold;
      told.delete(keyOf(hold));
      const reason = catalogName === undefined ? kind : `${catalogName}: ${kind}`;
      const end = isByHand ? "was ended by hand" : "has ended";
      log.emit("chart.released", `the hold of ${count(routers.length, "router")} (${reason}) ${end}`, {
        ...catalogData(catalogName),
        kind,
        ...(isByHand ? { by: "hand" } : {}),
      });
    },
    confirmFailed(error, catalogName) {
      const where = catalogName === undefined ? "" : ` by ${catalogName}`;
      log.emit("source.unconfirmed", `a removal is not confirmed yet${where}: ${error.message}`, {
        ...catalogData(catalogName),
        code: error.code,
      });
    },
  };
}

function keyOf({ catalogName = "", kind }: Pick<Hold, "catalogName" | "kind">): string {
  return `${catalogName} ${kind}`;
}

const MOST_NAMES = 5;
const MOST_OF_NAME = 60;
/** What the names in the data may take, so that any collector takes the line; all are in the status. */
const MOST_OF_NAMES = 800;

function shortened(name: string): string {
  return cutToBytes(name, MOST_OF_NAME);
}

function fitting(names: readonly string[]): readonly string[] {
  let room = MOST_OF_NAMES;
  const told: string[] = [];
  for (const name of names) {
    room -= bytesOf(name) + 1;
    if (room < 0) break;
    told.push(name);
  }
  return told;
}
