import type { HttpAnswer } from "./client/connections.ts";

/** What an answer says of itself, beside its content. A header that is absent leaves its fact undefined: unknown, never false. */
export interface AnswerFacts {
  /**
   * How long ago the answering server last heard from the leader, or the agent from its servers, in milliseconds; Infinity
   * where it has never heard of one.
   */
  readonly ageMs: number | undefined;
  /** Streaming backends do not say. */
  readonly knowsLeader: boolean | undefined;
  /** The token may not see everything. Consul 1.11 and later say so, to authenticated tokens only. */
  readonly isFiltered: boolean;
  /** A token without a policy sees nothing. Consul 1.11 and later. */
  readonly deniesByDefault: boolean;
}

/**
 * Reads the headers of a successful answer: `X-Consul-LastContact`, `-KnownLeader`, `-Results-Filtered-By-ACLs`,
 * `-Default-ACL-Policy` and, of cached answers, `Age`; Nomad's first two are named alike.
 *
 * @param prefix `x-consul` or `x-nomad`
 */
export function answerFacts({ header }: Pick<HttpAnswer, "header">, prefix: string): AnswerFacts {
  const lastContactMs = lastContact(header(`${prefix}-lastcontact`));
  const cachedForMs = wholeNumber(header("age"), 1_000);
  const knownLeader = header(`${prefix}-knownleader`);
  return {
    ageMs: lastContactMs === undefined ? cachedForMs : Math.max(lastContactMs, cachedForMs ?? 0),
    knowsLeader: lastContactMs === Infinity ? false : knownLeader === undefined ? undefined : knownLeader === "true",
    isFiltered: header(`${prefix}-results-filtered-by-acls`) === "true",
    deniesByDefault: header(`${prefix}-default-acl-policy`) === "deny",
  };
}

/** Go's longest duration, 2^63 nanoseconds: what Nomad says where there has been no leader since it started. */
const NEVER_MS = 9_223_372_036_854;

function lastContact(text: string | undefined): number | undefined {
  const ms = wholeNumber(text);
  return ms !== undefined && ms >= NEVER_MS ? Infinity : ms;
}

function wholeNumber(text: string | undefined, factor = 1): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) * factor : undefined;
}
