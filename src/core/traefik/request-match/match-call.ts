import type { Call } from "../predicate/expression.ts";
import { findMatcher, type RuleProtocol } from "../rule/matchers.ts";
import { readV2Template } from "../rule/v2-template.ts";
import { compiledPattern } from "../rule-reach/compiled-patterns.ts";
import { hostName } from "../rule-reach/matcher-reach.ts";
import type { KnownRequest } from "./known-request.ts";

type Evaluate = (values: readonly string[], request: KnownRequest) => boolean | undefined;

const HOST: Evaluate = (values, { host }) => values.some((value) => isHost(value.toLowerCase(), host));
/** Traefik also asks about the host behind a CNAME, which is empty unless it is told to look for one. */
const HOST_REGEXP: Evaluate = ([pattern = ""], { host }) => isMatch(pattern, host) || isMatch(pattern, "");

/** Each matcher whose subject a URL tells; any other is left open. */
const V3: Readonly<Record<RuleProtocol, ReadonlyMap<string, Evaluate>>> = {
  http: evaluators({
    Host: HOST,
    HostRegexp: HOST_REGEXP,
    Path: ([wanted = ""], { path }) => path === wanted,
    PathPrefix: ([prefix = ""], { path }) => path.startsWith(prefix),
    PathRegexp: ([pattern = ""], { path }) => isMatch(pattern, path),
    Query: ([name = "", value = ""], { query }) => query.get(name)?.includes(value) === true,
    QueryRegexp: ([name = "", pattern], { query }) => {
      const values = query.get(name) ?? [];
      return pattern === undefined ? values.includes("") : values.some((value) => isMatch(pattern, value));
    },
  }),
  // The server name of TLS is the host of the URL; without TLS there is none, and `*` alone takes that.
  tcp: evaluators({
    HostSNI: ([name = ""], { scheme, host }) => {
      if (name === "*") return true;
      if (hostName(name) !== hostName(host)) return false;
      return scheme === undefined ? undefined : scheme === "https";
    },
    HostSNIRegexp: ([pattern = ""], { scheme, host }) => {
      const [withTls, without] = [isMatch(pattern, host), isMatch(pattern, "")];
      if (withTls === without) return withTls;
      return scheme === undefined ? undefined : scheme === "https" ? withTls : without;
    },
  }),
};

/** The old syntax has lists of arguments, templates in braces, and its own spellings. */
const V2: Readonly<Record<RuleProtocol, ReadonlyMap<string, Evaluate>>> = {
  http: evaluators({
    host: HOST,
    hostheader: HOST,
    hostregexp: (values, { host }) => values.some((value) => isTemplateMatch(value, host, ".")),
    path: (values, { path }) => values.some((value) => isTemplateMatch(value, path, "/")),
    pathprefix: (values, { path }) => values.some((value) => isTemplateMatch(value, path, "/", "")),
  }),
  tcp: evaluators({}),
};

/** Whether one matcher takes the request; undefined where the URL does not tell. */
export function matchCall(
  protocol: RuleProtocol,
  syntax: "v2" | "v3",
  { name, arguments: found }: Call,
  request: KnownRequest,
): boolean | undefined {
  const values = found.map(({ value }) => value);
  const known = syntax === "v3" ? findMatcher(protocol, name.text)?.name : name.text.toLowerCase();
  return (syntax === "v3" ? V3 : V2)[protocol].get(known ?? "")?.(values, request);
}

/** A map, since a tag may call a matcher of the old syntax `constructor`. */
function evaluators(byName: Readonly<Record<string, Evaluate>>): ReadonlyMap<string, Evaluate> {
  return new Map(Object.entries(byName));
}

function isTemplateMatch(template: string, text: string, separator: "." | "/", end = "$"): boolean {
  const read = readV2Template(template, separator);
  if (read === undefined) return end === "" ? text.startsWith(template) : text === hostOrPath(template, separator);
  return isMatch(`^(?:${read.regexp})${end}`, text);
}

function hostOrPath(text: string, separator: "." | "/"): string {
  return separator === "." ? hostName(text) : text;
}

function isMatch(pattern: string, text: string): boolean {
  const compiled = compiledPattern(pattern);
  return compiled.kind === "compiled" && compiled.regex.isMatch(text);
}

/** Either may have the dot of a full name, but one alone. */
function isHost(wanted: string, host: string): boolean {
  return host === wanted || `${host}.` === wanted || host === `${wanted}.`;
}
