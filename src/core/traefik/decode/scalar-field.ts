import { formatDuration } from "../../../go/duration.ts";
import { trimSpace } from "../../../go/white-space.ts";
import { keyOf, type LabelProblem, maskedTag, shownPart } from "../labels/label-problem.ts";
import type { LabelNode } from "../labels/label-tree.ts";
import type { Field, ScalarField } from "../schema/schema.ts";
import type { ConfigValue } from "../vocabulary/config-value.ts";
import { parseTraefikDuration } from "./duration.ts";
import { parseBool, parseInt64 } from "./scalars.ts";

/** Traefik's file decoder joins the elements of lists with this character (U+2551), and splits them there again. */
export const LIST_SEPARATOR = "║";

const INTEGER = { parse: parseInt64, allowed: "a decimal integer of 64 bits, without blanks or underscores" };

/** How a value of each kind is read from its text, and what it may be. */
export const SCALARS = {
  string: { parse: (text: string): string => text, allowed: "any text" },
  any: { parse: (text: string): string => text, allowed: "any text" },
  bool: { parse: parseBool, allowed: "true or false (also 1, t, T, TRUE, True, 0, f, F, FALSE, False)" },
  int: INTEGER,
  int64: INTEGER,
  duration: {
    parse: canonicalDuration,
    allowed: 'a duration such as "30s", "1m30s" or "100ms", or a number of seconds',
  },
};

function canonicalDuration(text: string): string | undefined {
  const ns = parseTraefikDuration(text);
  return ns === undefined ? undefined : formatDuration(ns);
}

/**
 * A scalar's value: text, boolean, duration as Go prints it, integer (as text beyond 2^53). Undefined, and a problem,
 * where Traefik refuses it; an empty value is one for everything but text.
 */
export function decodeScalar(node: LabelNode, field: ScalarField, problems: LabelProblem[]): ConfigValue | undefined {
  const { parse, allowed } = SCALARS[field.kind];
  const value = parse(node.value);
  if (value === undefined) problems.push(badValue(node, field, allowed));
  return value;
}

/**
 * A list of texts from one value, split at commas and trimmed; empty pieces stay. An empty value leaves the list unset.
 */
export function decodeStrings(node: LabelNode, field: Field, problems: LabelProblem[]): readonly string[] | undefined {
  if (node.value === "") return;
  if (node.value.includes(LIST_SEPARATOR)) {
    problems.push(badValue(node, field, `a list of texts without the character "${LIST_SEPARATOR}" (U+2551)`));
  }
  return node.value.split(",").map(trimSpace);
}

/**
 * The value of a secret field appears neither in the message nor in the tag; nor does one that may be a secret in the wrong
 * field: no number, no duration and no truth has what separates a user from a hash.
 */
function badValue({ label }: LabelNode, field: Field, allowed: string): LabelProblem {
  const isSecret = field.secret === true || shownPart(label.value) !== label.value;
  const found = isSecret ? "a secret value that does not fit" : JSON.stringify(label.value);
  return {
    code: "TAG_BAD_VALUE",
    tag: isSecret ? maskedTag(label) : label.tag,
    spot: { in: "value" },
    message: `key ${JSON.stringify(keyOf(label))} has ${found}, allowed is ${allowed}`,
    remedy: "correct the value, or remove the tag",
  };
}
