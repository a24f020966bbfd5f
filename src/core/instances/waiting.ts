import { memoize } from "../incremental/memoize.ts";
import type { StandbyBehind, Translated } from "./instance-state.ts";

/** A routed instance on standby; the same object for an unchanged instance as long as it waits behind the same. */
export function waitingBehind(one: Translated, behind: StandbyBehind): Translated {
  return waiterOf(one)(behind);
}

const waiterOf = memoize((one: Translated) => {
  let last: { readonly behind: string; readonly waiting: Translated } | undefined;
  return (behind: StandbyBehind): Translated => {
    const text = JSON.stringify(behind);
    if (last?.behind !== text) last = { behind: text, waiting: waiting(one, behind) };
    return last.waiting;
  };
});

function waiting(one: Translated, behind: StandbyBehind): Translated {
  const { instance, state } = one;
  if (state.kind !== "routed") return one;
  const { fragment, diagnostics, isCanary } = state;
  return { instance, state: { kind: "standby", behind, fragment, diagnostics, ...(isCanary && { isCanary }) } };
}
