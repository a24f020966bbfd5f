import type { Live } from "./live.ts";
import type { World } from "./world.ts";

/** A page that is in the background keeps its stream so long, for the mark in its title. */
const REST_MS = 300_000;

/** What tells whether the page is looked at: the document. */
export interface Visibility {
  readonly visibilityState: "hidden" | "visible";
  addEventListener(event: "visibilitychange", hear: () => void): void;
}

/**
 * Lets a page that is hidden read no list, and after a while ask for nothing at all: a browser opens six connections to a host for
 * all of its tabs. A tab that is opened in the background is hidden from the start.
 */
export function restWhileHidden(live: Live, visibility: Visibility, world: Pick<World, "after">): void {
  let cancel = () => {};
  const look = () => {
    cancel();
    if (visibility.visibilityState === "hidden") {
      live.lookAway();
      cancel = world.after(REST_MS, () => live.stop());
    } else live.start();
  };
  visibility.addEventListener("visibilitychange", look);
  look();
}
