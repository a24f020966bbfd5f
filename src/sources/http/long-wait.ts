/** Consul and Nomad hold a query no longer. */
const LONGEST_MS = 600_000;
/** So many polls may end and be asked again within one wait; more of them wait longer. */
const POLLS_A_WAIT = 64;
/** A poll is held so long at least, however young the process is … */
const SHORTEST_MS = 1_000;
/** … and where there are thousands, so much longer for each, since asking them again is a load of its own. */
const SHORTEST_MS_A_POLL = 4;

/**
 * How long a blocking query may be held, in milliseconds: thousands of polls that ended every minute would be a load of
 * their own. Drawn anew for each, since those that were opened together would otherwise end together.
 *
 * Over HTTP/1.1 Consul and Nomad keep the connection of a client that has gone until the wait of its query is over. So a
 * query waits no longer than the process has lived: one that is restarted again and again leaves little behind.
 *
 * @param waitMs for few polls
 * @param random a number in [0, 1)
 * @param ageMs how long the process has lived
 */
export function longWaitMs(waitMs: number, openPolls: number, random: number, ageMs: number): number {
  const enoughMs = Math.max(waitMs, Math.min(LONGEST_MS, (waitMs * openPolls) / POLLS_A_WAIT));
  const wantedMs = waitMs + (enoughMs - waitMs) * random;
  const youngMs = Math.max(SHORTEST_MS, SHORTEST_MS_A_POLL * openPolls, ageMs);
  return Math.round(Math.min(wantedMs, youngMs));
}
