import type { Call } from "../predicate/expression.ts";
import { findMatcher, type RuleProtocol } from "../rule/matchers.ts";
import type { Area, Reach } from "./area.ts";
import { compiledPattern } from "./compiled-patterns.ts";
import { type Shape, shapesOf } from "./regex-shape.ts";
import {
  ANY_TEXT,
  beginningWith,
  type Condition,
  endingWith,
  exactly,
  has,
  nameOfSet,
  type TextSet,
} from "./text-set.ts";

type Dimension = "host" | "path";

/** Sets of hosts or paths that one argument of a matcher stands for. */
type Meaning = readonly [Dimension, (value: string) => readonly TextSet[]];

const V3 = meanings({
  Host: ["host", host],
  HostRegexp: ["host", hostRegex],
  HostSNI: ["host", host],
  HostSNIRegexp: ["host", hostRegex],
  Path: ["path", (value) => [exactly(value)]],
  PathPrefix: ["path", (value) => [beginningWith(value)]],
  PathRegexp: ["path", pathRegex],
});

/** Syntax v2 has templates in braces, of which only what stands before them is known, and lists of arguments. */
const V2 = meanings({
  host: ["host", host],
  hostheader: ["host", host],
  hostsni: ["host", host],
  path: ["path", (value) => [value.includes("{") ? templated(value) : exactly(value)]],
  pathprefix: ["path", (value) => [templated(value)]],
});

/** A map, since a tag may call a matcher of the old syntax `constructor`. */
function meanings(byName: Readonly<Record<string, Meaning>>): ReadonlyMap<string, Meaning> {
  return new Map(Object.entries(byName));
}

/** What one matcher can match, or what it leaves where it is negated. Others than those of host and path only narrow. */
export function leafReach(protocol: RuleProtocol, syntax: "v2" | "v3", call: Call, isNegated: boolean): Reach {
  const name = syntax === "v3" ? findMatcher(protocol, call.name.text)?.name : call.name.text.toLowerCase();
  const meaning = (syntax === "v3" ? V3 : V2).get(name ?? "");
  if (meaning === undefined) return [NARROWED];
  const [dimension, setsOf] = meaning;
  const sets = call.arguments.flatMap(({ value }) => setsOf(value));
  if (!isNegated) return sets.map((set) => areaOf(dimension, set));
  const isCertain = PRECISE.includes(name ?? "") && !call.arguments.some(({ value }) => /\*|\.\.$/.test(value));
  return [isCertain ? areaOf(dimension, without(sets)) : NARROWED];
}

const NARROWED: Area = { host: ANY_TEXT, path: ANY_TEXT, isNarrowed: true };
/** Matchers whose sets hold exactly what they match, so that the rest is what their negation matches. */
const PRECISE: readonly string[] = ["Host", "Path", "PathPrefix"];

function areaOf(dimension: Dimension, set: TextSet): Area {
  return { host: ANY_TEXT, path: ANY_TEXT, isNarrowed: false, [dimension]: set };
}

function without(sets: readonly TextSet[]): TextSet {
  return {
    ...ANY_TEXT,
    conditions: sets.map((set) => ({ name: `not ${nameOfSet(set)}`, mayHold: (text) => !has(set, text) })),
  };
}

/**
 * Traefik compares hosts in lower case, and takes one with a dot at its end for the same. `*` alone is every server name;
 * as the first label it is taken for any subdomain, so that the set is large enough for a Traefik that reads it so.
 */
function host(value: string): readonly TextSet[] {
  const name = hostName(value);
  if (!name.includes("*")) return [exactly(name)];
  return [/^\*\.[^*]+$/.test(name) ? endingWith(name.slice(1)) : ANY_TEXT];
}

/** A host as Traefik compares it: in lower case, without the dot of a full name. Others than ASCII it refuses. */
export function hostName(value: string): string {
  return withoutLastDot(value.toLowerCase());
}

/**
 * Traefik also asks the pattern about the host behind a CNAME, which is mostly empty: a pattern that matches the empty
 * text takes every host.
 */
function hostRegex(pattern: string): readonly TextSet[] {
  const shapes = shapesOf(pattern)?.shapes.map((shape) => withoutLastDots(lowerCase(shape)));
  if (shapes?.some((shape) => shape.isExact && shape.prefix === "")) return [ANY_TEXT];
  return withPattern(pattern, shapes, (isMatch) => (text) => isMatch("") || isMatch(text) || isMatch(`${text}.`));
}

function pathRegex(pattern: string): readonly TextSet[] {
  const found = shapesOf(pattern);
  return withPattern(pattern, found?.ignoresCase === true ? undefined : found?.shapes, (isMatch) => isMatch);
}

/** The sets of a pattern's shapes. What is not exact must match the pattern besides, unless that says nothing more. */
function withPattern(
  pattern: string,
  shapes: readonly Shape[] = [ANY_TEXT],
  condition: (isMatch: (text: string) => boolean) => Condition["mayHold"],
): readonly TextSet[] {
  if (compiledPattern(pattern).kind === "refused" || MATCHES_ALL.test(pattern)) return [ANY_TEXT];
  const conditions = [{ name: pattern, mayHold: condition((text) => isMatch(pattern, text)) }];
  return shapes.map((shape) => ({ ...shape, conditions: shape.isExact ? [] : conditions }));
}

/** By the text of the pattern: thousands of areas must not hold each its own automaton. */
function isMatch(pattern: string, text: string): boolean {
  const compiled = compiledPattern(pattern);
  return compiled.kind === "refused" || compiled.regex.isMatch(text);
}

const MATCHES_ALL = /^\^?(?:\.[*+]|\(\.[*+]\))\$?$/;

function lowerCase({ prefix, suffix, isExact }: Shape): Shape {
  return { prefix: prefix.toLowerCase(), suffix: suffix.toLowerCase(), isExact };
}

/** A text of the shape may end in the dot of the prefix only if nothing is known to follow. */
function withoutLastDots({ prefix, suffix, isExact }: Shape): Shape {
  const isOpen = isExact || suffix === "";
  return { prefix: isOpen ? withoutLastDot(prefix) : prefix, suffix: withoutLastDot(suffix), isExact };
}

function withoutLastDot(text: string): string {
  return text.replace(/\.+$/, "");
}

function templated(value: string): TextSet {
  const brace = value.indexOf("{");
  return beginningWith(brace < 0 ? value : value.slice(0, brace));
}
