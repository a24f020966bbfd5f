import { nearest } from "../../../base/nearest.ts";
import type { Call } from "../predicate/expression.ts";
import { type Flaw, flaw, quoted } from "../predicate/flaw.ts";
import type { Token } from "../predicate/token.ts";
import { findMatcher, MATCHERS, type Matcher, type RuleProtocol } from "./matchers.ts";

/** Is this call a matcher of the protocol, with the arguments that it takes? */
export function checkCall(protocol: RuleProtocol, { name, arguments: found }: Call): Matcher | Flaw {
  const matcher = findMatcher(protocol, name.text);
  if (matcher === undefined) return unknownMatcher(protocol, name);
  const { checks, required } = matcher;
  if (found.length < required || found.length > checks.length) return wrongCount(name, found, matcher);
  for (const [i, argument] of found.entries()) {
    const problem = argument.value === "" ? EMPTY : checks[i]?.(argument.value);
    if (problem !== undefined) return at(argument, `${matcher.name}: ${problem.message}`, problem.remedy);
  }
  return matcher;
}

const KIND: Readonly<Record<RuleProtocol, string>> = { http: "an HTTP rule", tcp: "a TCP rule" };
const EMPTY = { message: "an argument is empty, which no matcher allows", remedy: "write a value between the quotes" };

/** Matchers that Traefik v1 and v2 had under another name, too far from today's to look like a slip. */
const RENAMED: ReadonlyMap<string, string> = new Map([["hostheader", "Host"]]);

function unknownMatcher(protocol: RuleProtocol, name: Token): Flaw {
  const names = MATCHERS[protocol].map((matcher) => matcher.name);
  const allowed = `${KIND[protocol]} may have ${names.join(", ")}`;
  const other = protocol === "http" ? "tcp" : "http";
  const elsewhere = findMatcher(other, name.text);
  if (elsewhere !== undefined) {
    const remedy = `define the router below ${other}.routers, or use another matcher`;
    return at(name, `${elsewhere.name} is for ${KIND[other]}, but ${allowed}`, remedy);
  }
  const meant = RENAMED.get(name.text.toLowerCase()) ?? nearest(name.text, names);
  const remedy = meant === undefined ? "use one of them" : `write "${meant}"`;
  return at(name, `there is no matcher ${quoted(name.text)}; ${allowed}`, remedy);
}

function wrongCount(name: Token, found: readonly Token[], { name: canonical, checks, required }: Matcher): Flaw {
  const allowed = required === checks.length ? `${required}` : `${required} to ${checks.length}`;
  const message = `${canonical} takes ${allowed} ${allowed === "1" ? "argument" : "arguments"}, found ${found.length}`;
  const canSplit = checks.length === 1 && found.length > 1;
  const remedy = canSplit ? `write one ${canonical} for each, joined by ||` : "correct the number of arguments";
  return at(name, message, remedy);
}

function at({ position, text }: Token, message: string, remedy: string): Flaw {
  return flaw(position, text.length, message, remedy);
}
