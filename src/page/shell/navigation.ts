import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Address, addressOf, parseAddress, type View } from "../addresses.ts";

/** The address that the browser shows; draws again when it changes. */
export function useAddress(): Address {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const look = () => setHash(location.hash);
    window.addEventListener("hashchange", look);
    window.addEventListener("popstate", look);
    window.addEventListener(REPLACED, look);
    return () => {
      window.removeEventListener("hashchange", look);
      window.removeEventListener("popstate", look);
      window.removeEventListener(REPLACED, look);
    };
  }, []);
  return parseAddress(hash);
}

const REPLACED = "portolan:address";

/** Writes another address in place of the one that is shown: what is typed letter by letter is one step back, not many. */
export function replaceAddress(view: View, query: Readonly<Record<string, string | undefined>>): void {
  history.replaceState(history.state, "", addressOf(view, query));
  window.dispatchEvent(new Event(REPLACED));
}

/** Which page of the session this is, kept with the browser's own entry for it. */
function entryOf(state: unknown): number | undefined {
  const entry = typeof state === "object" && state !== null ? Reflect.get(state, "entry") : undefined;
  return typeof entry === "number" ? entry : undefined;
}

/**
 * Keeps where each page of the session was scrolled to. One that is come back to is scrolled there; one that is new begins at
 * its top, with its heading in focus, so that a screen reader tells where one is.
 */
export function usePlaceKept(page: string): void {
  const scrolled = useRef(new Map<number, number>());
  const entry = useRef(0);
  const entries = useRef(0);
  const shown = useRef<string | undefined>(undefined);
  useEffect(() => {
    history.scrollRestoration = "manual";
    const keep = () => scrolled.current.set(entry.current, window.scrollY);
    window.addEventListener("scroll", keep, { passive: true });
    return () => window.removeEventListener("scroll", keep);
  }, []);
  useLayoutEffect(() => {
    const isFirst = shown.current === undefined;
    if (shown.current === page) return;
    shown.current = page;
    const known = entryOf(history.state);
    const placeBefore = known === undefined ? undefined : scrolled.current.get(known);
    if (known === undefined || isFirst) {
      entries.current = Math.max(entries.current, known ?? 0) + 1;
      entry.current = entries.current;
      history.replaceState({ entry: entry.current }, "");
    } else entry.current = known;
    if (isFirst) return;
    document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
    window.scrollTo({ top: placeBefore ?? 0, behavior: "instant" });
  }, [page]);
}
