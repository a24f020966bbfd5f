import { type Token, tokenize } from "../predicate/token.ts";

const MASK = "***";
const OF_HEADERS = /^headers?(?:regexp)?$/i;
const OF_QUERIES = /^query(?:regexp)?$/i;

/** Headers whose values are no secrets: what a client is and wants. A value of any other header may be a shared secret. */
const PUBLIC_HEADERS: ReadonlySet<string> = new Set([
  ...["accept", "accept-encoding", "accept-language", "connection", "content-type", "host", "origin", "referer"],
  ...["sec-websocket-protocol", "te", "upgrade", "user-agent", "x-forwarded-host", "x-forwarded-proto"],
]);

/**
 * A rule as it may be shown to any reader: without the values that a header or a query parameter must have, since some
 * owners let in by them. Names stay, and so do the values of headers that are public by their nature.
 */
export function maskRule(rule: string): string {
  const tokens = tokenize(rule);
  const pieces: string[] = [];
  let shownTo = 0;
  let matcher: Token | undefined;
  let name: Token | undefined;
  for (const token of tokens) {
    if (token.kind === "name") matcher = token;
    if (token.kind === "name" || token.kind === "(") name = undefined;
    if (token.kind !== "string" || matcher === undefined) continue;
    const shown = shownAs(matcher, name, token);
    name ??= token;
    if (shown === undefined) continue;
    pieces.push(rule.slice(shownTo, token.position), shown);
    shownTo = token.position + token.text.length;
  }
  return pieces.length === 0 ? rule : pieces.join("") + rule.slice(shownTo);
}

/** What stands in the place of an argument; undefined where it is shown. @param first the matcher's first argument, unless this is it */
function shownAs(matcher: Token, first: Token | undefined, argument: Token): string | undefined {
  if (OF_HEADERS.test(matcher.text)) {
    return first === undefined || PUBLIC_HEADERS.has(first.value.toLowerCase()) ? undefined : `\`${MASK}\``;
  }
  if (!OF_QUERIES.test(matcher.text)) return undefined;
  // Rule syntax v2 has name and value in one argument.
  const [, queryName] = /^([^=]*)=/.exec(argument.value) ?? [];
  if (queryName !== undefined) return `\`${queryName}=${MASK}\``;
  return first === undefined ? undefined : `\`${MASK}\``;
}
