import { useEffect, useState } from "preact/hooks";
import { age } from "../../base/age.ts";
import { timeOfDay } from "./times.ts";

/** The time, each second. One timer for all that shows it. */
const shows = new Set<(nowMs: number) => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

export function useNow(): number {
  const [nowMs, setNow] = useState(Date.now());
  useEffect(() => {
    shows.add(setNow);
    ticking ??= setInterval(() => {
      const now = Date.now();
      for (const show of shows) show(now);
    }, 1_000);
    return () => {
      shows.delete(setNow);
      if (shows.size > 0) return;
      clearInterval(ticking);
      ticking = undefined;
    };
  }, []);
  return nowMs;
}

/** How long ago a time was: `5m`. @param since ISO 8601 @param isAtLeast it was so before, since when is not known */
export function Age({ since, isAtLeast = false }: { readonly since: string; readonly isAtLeast?: boolean }) {
  const nowMs = useNow();
  const sinceMs = Date.parse(since);
  const title = `${isAtLeast ? "at least since " : "since "}${timeOfDay(sinceMs, nowMs)}`;
  return (
    <time dateTime={since} title={title}>
      {isAtLeast ? ">" : ""}
      {age((nowMs - sinceMs) / 1_000)}
    </time>
  );
}
