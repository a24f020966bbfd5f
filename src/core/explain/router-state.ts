import { shellOperand } from "../diagnostics/shell-word.ts";
import { rulesOf } from "../removals/hold.ts";
import { holdWords } from "../removals/hold-words.ts";
import { type ResourceKey, routerLabel } from "../traefik/chart/dynamic-config.ts";
import type { Reason, RouterState } from "./answer.ts";
import type { Decided } from "./decided.ts";

/** How a router in the chart is there, why, and until when. */
export interface FoundState {
  readonly state: RouterState;
  readonly because?: string;
  readonly endsAtMs?: number;
  /** Of one that is held: by what, and how that ends. */
  readonly reason?: Reason;
}

/**
 * The first line that holds counts:
 *
 * | state | the router |
 * |---|---|
 * | `held` | is one that a guard does not let go |
 * | `closed` | lacks something that it refers to, and answers 503 |
 * | `kept` | goes on as it was last defined: its new definition is wrong |
 * | `asleep` | outlasts its service, which asked for that |
 * | `empty` | has no server, and answers 503 |
 * | `live` | is as its service asks for it |
 */
export function stateInChart(key: ResourceKey, servers: number, { decision, settings }: Decided): FoundState {
  const { removals, references, definitions } = decision.memory;
  const graceMs = settings.routes.zeroInstanceGraceMs;
  const hold = removals.holds.find(({ routers }) => routers.includes(key));
  if (hold !== undefined) {
    const because = `held: ${holdWords(hold)}`;
    const remedy = rulesOf(hold).isReleasable
      ? `what ends it by hand: portolan release ${shellOperand(routerLabel(key))}`
      : "it ends when the catalog answers; until then no one can know what is gone";
    return {
      ...{ state: "held", because, reason: { stage: "chart", code: "HELD", message: because, remedy } },
      ...(hold.endsAtMs === undefined ? {} : { endsAtMs: hold.endsAtMs }),
    };
  }
  const closed = references.closed.get(key);
  if (closed !== undefined) {
    const endsAtMs = closed.sinceMs + graceMs;
    return { state: "closed", because: "something that it refers to is missing; it answers 503, then 404", endsAtMs };
  }
  const kept = definitions.routers.get(key);
  if (kept !== undefined) {
    const endsAtMs = kept.sinceMs + graceMs;
    return { state: "kept", because: "it goes on as it was last defined: its new definition is wrong", endsAtMs };
  }
  const leftAtMs = removals.leftAtMs.get(key);
  const service = decision.memory.owners.get(key)?.service;
  if (leftAtMs !== undefined && service !== undefined && removals.sleepers.has(service)) {
    return { state: "asleep", because: "its service sleeps, and asked that its routers stay (portolan.keep=true)" };
  }
  if (leftAtMs !== undefined) {
    const because = "no server is left; it answers 503, then 404";
    return { state: "empty", because, endsAtMs: leftAtMs + graceMs };
  }
  return servers === 0 ? { state: "empty", because: "its service has no server; it answers 503" } : { state: "live" };
}
