import { catalogHealthOf, STOPPED, weaknessOf } from "../catalog/health.ts";
import { memoize } from "../incremental/memoize.ts";
import type { Fragment } from "../translate/draft.ts";
import type { Translated } from "./instance-state.ts";
import { waitingBehind } from "./waiting.ts";

/**
 * Of one service's instances, those that are weak get no traffic while others serve:
 *
 * | it is | it gives way |
 * |---|---|
 * | starting: no check speaks for it, and its deployment has not found it healthy yet | to any other |
 * | unknown: its checks cannot be read | where others define all that it defines |
 * | draining: it is to be moved, or its client is drained | the same |
 *
 * One that Nomad stops gets no traffic, whatever others serve, but for one case: while others of its service serve that do not define
 * what it defines, it serves on until it has ended or left. That is a canary that has been promoted, whose tags become those
 * of the others a moment later; without that the router would be gone for the moment.
 *
 * Where all are weak, all serve: who would be taken out for what is not known would be missed. A canary is no other for a
 * stable instance.
 */
export function giveWay(translated: readonly Translated[]): readonly Translated[] {
  const weaknesses = translated.map(({ instance }) => weaknessOf(instance));
  const isAnyStopping = translated.some(isStopping);
  if (!isAnyStopping && weaknesses.every((weakness) => weakness === undefined)) return translated;
  const strong = translated.filter((_, position) => weaknesses[position] === undefined);
  return translated.map((one, position) => {
    const weakness = weaknesses[position];
    if (isStopping(one)) {
      const serving = strong.flatMap(({ state }) => (state.kind === "routed" ? [state] : []));
      const stable = serving.filter((state) => state.isCanary !== true).map((state) => state.fragment);
      return serving.length === 0 || isCovered(fragmentOf(one), stable) ? one : serveOn(one);
    }
    if (weakness === undefined || one.state.kind !== "routed") return one;
    const { fragment, isCanary } = one.state;
    const others = strong.flatMap(({ state }) =>
      state.kind === "routed" && (isCanary === true || state.isCanary !== true) ? [state.fragment] : [],
    );
    const mayGo = weakness === "starting" ? others.length > 0 : isCovered(fragment, others);
    return mayGo ? waitingBehind(one, { kind: "sounder", weakness }) : one;
  });
}

/** It serves no more because Nomad stops it, and would for all else. */
function isStopping({ instance, state }: Translated): boolean {
  const { allocation } = instance;
  if (allocation?.kind !== "of-job" || allocation.isStopped !== true || allocation.hasEnded) return false;
  const status = allocation.health?.status ?? catalogHealthOf(instance)?.status ?? "passing";
  if (!["passing", "warning"].includes(status)) return false;
  return state.kind === "unhealthy" && state.health === STOPPED && state.fragment !== undefined;
}

const serveOn = memoize((one: Translated): Translated => {
  const { instance, state } = one;
  if (state.kind !== "unhealthy" || state.fragment === undefined) return one;
  const { fragment, isCanary } = state;
  return { instance, state: { kind: "routed", fragment, diagnostics: [], ...(isCanary && { isCanary }) } };
});

function fragmentOf({ state }: Translated): Fragment | undefined {
  return "fragment" in state ? state.fragment : undefined;
}

/** Do others define everything that this one defines, so that nothing is missed without it? */
function isCovered(fragment: Fragment | undefined, others: readonly Fragment[]): boolean {
  return Object.entries(fragment?.config ?? {}).every(([section, objects]) =>
    [...objects.keys()].every((name) =>
      others.some(({ config }) => config[section as keyof Fragment["config"]].has(name)),
    ),
  );
}
