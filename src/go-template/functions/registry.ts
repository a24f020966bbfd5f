import { mapText } from "../value/bytes.ts";
import { BUILTIN } from "./builtin.ts";
import { DICT_FUNCTIONS } from "./data/dict.ts";
import { KIND_FUNCTIONS } from "./data/kind.ts";
import { LIST_FUNCTIONS } from "./data/list.ts";
import { NUMBER_FUNCTIONS } from "./data/number.ts";
import { LEFT_OUT } from "./left-out.ts";
import { fixed, type GoFunction, TEXT } from "./parameter.ts";
import { CASE_FUNCTIONS } from "./text/case.ts";
import { ENCODING_FUNCTIONS } from "./text/encoding.ts";
import { PATH_FUNCTIONS } from "./text/path.ts";
import { REGEX_FUNCTIONS } from "./text/regex.ts";
import { TEXT_FUNCTIONS } from "./text/text.ts";

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

/** A function that the caller of this folder adds: from text to text, pure. */
export type TextFunction = (text: string) => string;

/** Finds the function of a name, or says why there is none. */
export type FindFunction = (name: string) => FoundFunction;

/** Looks among the functions of Go's text/template, of sprig, and those that the caller adds under their names. */
export function functionsWith(added: Readonly<Record<string, TextFunction>>): FindFunction {
  const functions = new Map(FUNCTIONS);
  for (const [name, change] of Object.entries(added)) {
    functions.set(
      name,
      fixed([TEXT], (_, text) => mapText(text, change)),
    );
  }
  return (name) => {
    const called = functions.get(name);
    if (called !== undefined) return { kind: "function", called };
    const reason = LEFT_OUT.get(name);
    return reason === undefined ? { kind: "unknown", known: functions.keys() } : { kind: "leftOut", reason };
  };
}
