import { AppError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { type Hold, rulesOf } from "../core/removals/hold.ts";
import { type ResourceKey, routerLabel, splitKey } from "../core/traefik/chart/dynamic-config.ts";
import { holdReason } from "../observe/log/hold-reason.ts";
import type { Edge } from "./edges/edge.ts";

/** A router that is held in a chart. */
interface HeldRouter {
  readonly chart: string;
  readonly key: ResourceKey;
  readonly hold: Hold;
}

/**
 * The held routers that these names mean, by chart: `web`, or `dns (udp)` as they are listed. All of them are meant where
 * several charts, or protocols, hold one of a name. Throws AppError (E_RELEASE) for the first name that means none, and for
 * one whose hold no operator may end; nothing is released then.
 */
export function heldRouters(
  edges: readonly Pick<Edge, "name" | "status">[],
  names: readonly string[],
): ReadonlyMap<string, ReadonlySet<ResourceKey>> {
  const all = edges.flatMap(({ name: chart, status }) =>
    status().holds.flatMap((hold) => hold.routers.map((key): HeldRouter => ({ chart, key, hold }))),
  );
  const found = new Map<string, Set<ResourceKey>>();
  for (const name of names) {
    const meant = all.filter(({ key }) => routerLabel(key) === name || splitKey(key).name === name);
    if (meant.length === 0) throw notHeld(edges, all, name);
    for (const { chart, key, hold } of meant) {
      if (!rulesOf(hold).isReleasable) throw notReleasable(name, hold);
      found.set(chart, (found.get(chart) ?? new Set()).add(key));
    }
  }
  return found;
}

function notHeld(edges: readonly Pick<Edge, "status">[], all: readonly HeldRouter[], name: string): AppError {
  const held = [...new Set(all.map(({ key }) => routerLabel(key)))];
  if (held.length === 0) return refused(`router ${JSON.stringify(name)} is not held: nothing is`);
  const isThere = edges.some(({ status }) => {
    const { chart } = status();
    return (
      chart !== undefined &&
      Object.entries(chart).some(([section, map]) => section.endsWith("/routers") && map.has(name))
    );
  });
  const meant = nearest(name, held);
  const hint = meant === undefined ? "portolan holds lists what is" : `did you mean ${JSON.stringify(meant)}?`;
  const what = isThere
    ? `router ${JSON.stringify(name)} is published and not held`
    : `there is no router ${JSON.stringify(name)} that is held`;
  return refused(`${what}; ${hint}`);
}

function notReleasable(name: string, hold: Hold): AppError {
  return refused(`router ${JSON.stringify(name)} stays held: ${holdReason(hold)}`);
}

function refused(message: string): AppError {
  return new AppError(message, { code: "E_RELEASE", retryable: false });
}
