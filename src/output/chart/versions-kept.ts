/** Which versions are kept: the newest ones whatever their age, and of older ones the last of each span of time. */
export interface VersionsKept {
  /** How many of the newest. */
  readonly newest: number;
  /** Of older ones the last in each `everyMs`, until they are `forMs` old; the finest span first. */
  readonly older: readonly { readonly everyMs: number; readonly forMs: number }[];
}

/**
 * The versions that are to be removed. Those that are kept by count would be gone within a minute where a catalog churns, and
 * who finds a bad chart in the morning wants the one of last night.
 *
 * @param publishedAtMs version → when it was published
 */
export function versionsToDrop(
  publishedAtMs: ReadonlyMap<number, number>,
  { newest, older }: VersionsKept,
  nowMs: number,
): readonly number[] {
  const newestFirst = [...publishedAtMs].sort(([one], [other]) => other - one);
  const lastOfSpan = new Set<string>();
  return newestFirst
    .filter(([, timeMs], index) => {
      let isLast = false;
      for (const { everyMs, forMs } of older) {
        const span = `${everyMs} ${Math.floor(timeMs / everyMs)}`;
        // A clock that was set back makes none younger than it may be.
        if (Math.abs(nowMs - timeMs) < forMs && !lastOfSpan.has(span)) isLast = true;
        lastOfSpan.add(span);
      }
      return index >= newest && !isLast;
    })
    .map(([number]) => number);
}
