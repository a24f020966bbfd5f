import { BUILTIN } from "./builtin.ts";
import { CASE_FUNCTIONS } from "./case.ts";
import { DICT_FUNCTIONS } from "./dict.ts";
import { ENCODING_FUNCTIONS } from "./encoding.ts";
import { KIND_FUNCTIONS } from "./kind.ts";
import { LEFT_OUT } from "./left-out.ts";
import { LIST_FUNCTIONS } from "./list.ts";
import { NUMBER_FUNCTIONS } from "./number.ts";
import type { GoFunction } from "./parameter.ts";
import { PATH_FUNCTIONS } from "./path.ts";
import { REGEX_FUNCTIONS } from "./regex.ts";
import { TEXT_FUNCTIONS } from "./text.ts";

export type FoundFunction =
  | { readonly kind: "function"; readonly called: GoFunction }
  /** Traefik has it, and here it is refused. */
  | { readonly kind: "leftOut"; readonly reason: string }
  | { readonly kind: "unknown"; readonly known: Iterable<string> };

/** sprig's names for the same functions with an error instead of a panic; in a template both fail alike. */
const MUST = [
  "append",
  "chunk",
  "compact",
  "first",
  "has",
  "initial",
  "last",
  "prepend",
  "push",
  "rest",
  "reverse",
  "slice",
  "uniq",
  "without",
];

const FUNCTIONS: ReadonlyMap<string, GoFunction> = new Map([
  ...[BUILTIN, TEXT_FUNCTIONS, CASE_FUNCTIONS, LIST_FUNCTIONS, DICT_FUNCTIONS, NUMBER_FUNCTIONS].flatMap(
    Object.entries,
  ),
  ...[REGEX_FUNCTIONS, ENCODING_FUNCTIONS, PATH_FUNCTIONS, KIND_FUNCTIONS].flatMap(Object.entries),
  ...Object.entries(LIST_FUNCTIONS)
    .filter(([name]) => MUST.includes(name))
    .map(([name, called]): [string, GoFunction] => [`must${name.charAt(0).toUpperCase()}${name.slice(1)}`, called]),
]);

/** The function of that name, of Go's text/template or of sprig, or why there is none. */
export function findFunction(name: string): FoundFunction {
  const called = FUNCTIONS.get(name);
  if (called !== undefined) return { kind: "function", called };
  const reason = LEFT_OUT.get(name);
  return reason === undefined ? { kind: "unknown", known: FUNCTIONS.keys() } : { kind: "leftOut", reason };
}
