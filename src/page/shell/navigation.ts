import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
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
  return useMemo(() => parseAddress(hash), [hash]);
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
 * its top. In both the heading takes the focus, so that a screen reader tells where one is.
 *
 * @param page what is shown, without what only narrows it
 */
export function usePlaceKept(page: string, address: Address): void {
  const scrolled = useRef(new Map<number, number>());
  const entry = useRef(0);
  const entries = useRef(0);
  const shown = useRef(page);
  useEffect(() => {
    history.scrollRestoration = "manual";
    const keep = () => scrolled.current.set(entry.current, window.scrollY);
    window.addEventListener("scroll", keep, { passive: true });
    return () => window.removeEventListener("scroll", keep);
  }, []);
  useLayoutEffect(() => {
    const known = entryOf(history.state);
    if (known === undefined) {
      entries.current += 1;
      history.replaceState({ entry: entries.current }, "");
    } else entries.current = Math.max(entries.current, known);
    entry.current = known ?? entries.current;
    if (shown.current === page) return;
    shown.current = page;
    document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
    window.scrollTo({ top: scrolled.current.get(entry.current) ?? 0, behavior: "instant" });
  }, [page, address]);
}
