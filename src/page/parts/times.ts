const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
] as const;

/** A span in one number that a person compares, as the commands print it: `12s`, `5m`, `3h`, `2d`. */
export function span(ms: number): string {
  const seconds = ms / 1_000;
  const [unit, size] = UNITS.find(([, least]) => seconds >= least) ?? ["s", 1];
  return `${Math.max(0, Math.floor(seconds / size))}${unit}`;
}

/** The time of day where the browser is: `12:03:10`; with the date where it is another day's. @param now of the same clock */
export function timeOfDay(timeMs: number, nowMs: number): string {
  const time = new Date(timeMs);
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(":");
  const isToday = time.toDateString() === new Date(nowMs).toDateString();
  return isToday
    ? clock
    : `${time.getFullYear()}-${twoDigits(time.getMonth() + 1)}-${twoDigits(time.getDate())} ${clock}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
