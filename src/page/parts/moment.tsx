import { timeOfDay } from "./times.ts";

/** A time where the browser is; its title and machine-readable form are UTC. @param at ISO 8601 */
export function Moment({ at, nowMs = Date.now() }: { readonly at: string; readonly nowMs?: number }) {
  const timeMs = Date.parse(at);
  if (Number.isNaN(timeMs)) return <>{at}</>;
  return (
    <time dateTime={at} title={`${at.replace(/\.\d+Z$/, "Z")} (UTC)`}>
      {timeOfDay(timeMs, nowMs)}
    </time>
  );
}
