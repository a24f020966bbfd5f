/** Consul and Nomad hold a query no longer. */
const LONGEST_MS = 600_000;
/** So many polls may end and be asked again within one wait; more of them wait longer. */
const POLLS_A_WAIT = 64;

/**
 * How long a blocking query may be held, in milliseconds: thousands of polls that ended every minute would be a load of
 * their own. Drawn anew for each, since those that were opened together would otherwise end together.
 *
 * @param waitMs for few polls
 * @param random a number in [0, 1)
 */
export function longWaitMs(waitMs: number, openPolls: number, random: number): number {
  const enoughMs = Math.max(waitMs, Math.min(LONGEST_MS, (waitMs * openPolls) / POLLS_A_WAIT));
  return Math.round(waitMs + (enoughMs - waitMs) * random);
}
