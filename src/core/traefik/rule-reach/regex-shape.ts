/** How all texts begin and end that a piece of a regular expression matches; `isExact`: there is only one, the prefix. */
export interface Shape {
  readonly prefix: string;
  readonly suffix: string;
  readonly isExact: boolean;
}

const ANYTHING: Shape = { prefix: "", suffix: "", isExact: false };
const NOTHING: Shape = { prefix: "", suffix: "", isExact: true };
const MAX_SHAPES = 100;
const MAX_DEPTH = 20;

/**
 * The shapes of the texts that a regular expression of Go's dialect matches, one for each way through its alternatives:
 * `^(a|b)\.example\.org$` has two. Known are literals, `.`, classes, groups, alternatives, repetitions, and anchors at both
 * ends; undefined for anything beyond that, and for more than MAX_SHAPES ways.
 */
export function shapesOf(
  pattern: string,
): { readonly shapes: readonly Shape[]; readonly ignoresCase: boolean } | undefined {
  const ignoresCase = pattern.startsWith("(?i)");
  const reader = { text: pattern, at: ignoresCase ? 4 : 0 };
  const shapes = alternatives(reader, 0);
  return shapes === undefined || reader.at < pattern.length ? undefined : { shapes, ignoresCase };
}

interface Reader {
  readonly text: string;
  at: number;
}

function alternatives(reader: Reader, depth: number): readonly Shape[] | undefined {
  const all: Shape[] = [];
  for (;;) {
    const one = sequence(reader, depth);
    if (one === undefined || all.length + one.length > MAX_SHAPES) return undefined;
    all.push(...one);
    if (reader.text[reader.at] !== "|") return all;
    reader.at += 1;
  }
}

/** Anchors count at the ends of a whole alternative only; what is not anchored may have anything beside it. */
function sequence(reader: Reader, depth: number): readonly Shape[] | undefined {
  const isOuter = depth === 0;
  let shapes: readonly Shape[] | undefined = [isOuter && !takes(reader, "^") ? ANYTHING : NOTHING];
  for (;;) {
    const next = reader.text[reader.at];
    if (next === undefined || next === "|" || next === ")") return isOuter ? product(shapes, [ANYTHING]) : shapes;
    if (next === "$") {
      reader.at += 1;
      const after = reader.text[reader.at];
      return isOuter && (after === undefined || after === "|") ? shapes : undefined;
    }
    const item = repeated(reader, atom(reader, depth));
    shapes = item && product(shapes, item);
    if (shapes === undefined) return undefined;
  }
}

function product(left: readonly Shape[], right: readonly Shape[]): readonly Shape[] | undefined {
  if (left.length * right.length > MAX_SHAPES) return undefined;
  return left.flatMap((one) => right.map((other) => joined(one, other)));
}

function joined(one: Shape, other: Shape): Shape {
  return {
    prefix: one.isExact ? one.prefix + other.prefix : one.prefix,
    suffix: other.isExact ? (one.isExact ? "" : one.suffix + other.prefix) : other.suffix,
    isExact: one.isExact && other.isExact,
  };
}

function atom(reader: Reader, depth: number): readonly Shape[] | undefined {
  const character = String.fromCodePoint(reader.text.codePointAt(reader.at) ?? 0);
  reader.at += character.length;
  switch (character) {
    case ".":
      return [ANYTHING];
    case "[":
      return characterClass(reader);
    case "\\":
      return escaped(reader);
    case "(":
      return group(reader, depth);
    case "^":
    case "*":
    case "+":
    case "?":
      return undefined;
    default:
      return [literal(character)];
  }
}

function literal(text: string): Shape {
  return { ...NOTHING, prefix: text };
}

function escaped(reader: Reader): readonly Shape[] | undefined {
  const character = reader.text[reader.at] ?? "";
  reader.at += 1;
  if (/[dwsDWS]/.test(character)) return [ANYTHING];
  return /[!-/:-@[-`{-~]/.test(character) ? [literal(character)] : undefined;
}

/** A class of one character is that character: `[.]`. */
function characterClass(reader: Reader): readonly Shape[] | undefined {
  const found = /^\^?\]?(?:\\[\s\S]|\[:\^?[a-z]+:\]|[^\\\]])*\]/.exec(reader.text.slice(reader.at))?.[0];
  if (found === undefined) return undefined;
  reader.at += found.length;
  const [, only] = /^\\?([^\w\s\\^])\]$/.exec(found) ?? [];
  return [only === undefined ? ANYTHING : literal(only)];
}

function group(reader: Reader, depth: number): readonly Shape[] | undefined {
  if (depth === MAX_DEPTH) return undefined;
  const [opening] = /^(?:\?:|\?P?<\w+>)?/.exec(reader.text.slice(reader.at)) ?? [""];
  reader.at += opening.length;
  if (reader.text[reader.at] === "?") return undefined;
  const inner = alternatives(reader, depth + 1);
  return takes(reader, ")") ? inner : undefined;
}

function repeated(reader: Reader, item: readonly Shape[] | undefined): readonly Shape[] | undefined {
  const [repetition, kind] = /^([*+?]|\{\d+(?:,\d*)?\})\??/.exec(reader.text.slice(reader.at, reader.at + 16)) ?? [];
  if (repetition === undefined || item === undefined) return item;
  reader.at += repetition.length;
  return kind === "?" ? [NOTHING, ...item] : [ANYTHING];
}

function takes(reader: Reader, character: string): boolean {
  if (reader.text[reader.at] !== character) return false;
  reader.at += 1;
  return true;
}
