import type { Live } from "./live.ts";

/** A page that is in the background keeps its stream so long, for the mark in its title. */
const REST_MS = 300_000;

/** Lets a page that has been hidden for long ask for nothing: a browser opens six connections to a host for all of its tabs. */
export function restWhileHidden(live: Live): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.visibilityState === "hidden") timer = setTimeout(() => live.stop(), REST_MS);
    else live.start();
  });
}
