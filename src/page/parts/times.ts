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
