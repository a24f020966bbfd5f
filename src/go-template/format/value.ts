import { type Budget, MAX_BYTES } from "../budget.ts";
import { TemplateFault } from "../fault.ts";
import { bytesOf, textOf } from "../value/bytes.ts";
import {
  type GoList,
  type GoMap,
  type GoStruct,
  type GoValue,
  isInteger,
  isList,
  isMap,
  sortedKeys,
  typeOf,
} from "../value/value.ts";
import type { Directive } from "./directive.ts";
import { formatFloat } from "./float.ts";
import { formatInteger } from "./integer.ts";
import { pad } from "./pad.ts";
import { quote } from "./quote.ts";

/** A value as Go's fmt prints it by a directive, into bytes. A verb that does not fit gives `%!d(string=x)`, no error. */
export function formatValue(value: GoValue, directive: Directive, budget: Budget): string {
  budget.spend(1);
  const { verb } = directive;
  if (verb === "T" && value !== undefined && value !== null) {
    return formatText(typeOf(value), { ...directive, verb: "s" }) ?? "";
  }
  if (verb === "p") throw new TemplateFault("%p is not supported: a value of a template has no address");
  const formatted = tryFormat(value, directive, budget);
  const bytes = formatted ?? badVerb(value, directive, budget);
  budget.spendBytes(bytes.length);
  return bytes;
}

function tryFormat(value: GoValue, directive: Directive, budget: Budget): string | undefined {
  if (value === undefined || value === null) return /^[vT]$/.test(directive.verb) ? pad("<nil>", directive) : undefined;
  if (typeof value === "string") return formatText(value, directive);
  if (typeof value === "number") return formatFloat(value, directive);
  if (typeof value === "boolean") return /^[tv]$/.test(directive.verb) ? pad(String(value), directive) : undefined;
  if (isInteger(value)) {
    if (value.kind === "uint8" && directive.sharpV)
      return formatInteger(value.value, { ...directive, verb: "x", sharp: true });
    return formatInteger(value.value, directive);
  }
  if (isList(value)) return formatList(value, directive, budget);
  return isMap(value) ? formatMap(value, directive, budget) : formatStruct(value, directive, budget);
}

function badVerb(value: GoValue, directive: Directive, budget: Budget): string {
  const shown =
    value === undefined || value === null
      ? "<nil>"
      : `${typeOf(value)}=${tryFormat(value, { ...directive, verb: "v" }, budget)}`;
  return `%!${bytesOf(directive.verb)}(${shown})`;
}

function formatText(bytes: string, directive: Directive): string | undefined {
  const cut =
    directive.precision === undefined || /^[xX]$/.test(directive.verb)
      ? bytes
      : firstCharacters(bytes, directive.precision);
  switch (directive.verb) {
    case "v":
      return pad(directive.sharpV ? quote(cut) : cut, directive);
    case "s":
      return pad(cut, directive);
    case "q":
      return pad(directive.sharp && canBackquote(cut) ? `\`${cut}\`` : quote(cut, directive.plus), directive);
    case "x":
      return pad(hexOf(bytes, directive), directive);
    case "X":
      return pad(hexOf(bytes, directive).toUpperCase(), directive);
    default:
      return undefined;
  }
}

function firstCharacters(bytes: string, count: number): string {
  return bytesOf(Array.from(textOf(bytes)).slice(0, count).join(""));
}

/** Go's `strconv.CanBackquote`: characters only, no backquote, no control character but the tab, no byte order mark. */
function canBackquote(bytes: string): boolean {
  const text = textOf(bytes);
  return (
    text.isWellFormed() && Array.from(text).every((one) => one === "\t" || (one >= " " && !/[`\u007f\ufeff]/.test(one)))
  );
}

function hexOf(bytes: string, { precision, space, sharp }: Directive): string {
  const digits = Array.from(bytes.slice(0, precision), (byte) => byte.charCodeAt(0).toString(16).padStart(2, "0"));
  if (digits.length === 0) return "";
  const prefix = sharp ? "0x" : "";
  return prefix + digits.join(space ? ` ${prefix}` : "");
}

function formatList(value: GoList, directive: Directive, budget: Budget): string {
  const items = value.items.map((item) => formatItem(item, value.element, directive, budget));
  return directive.sharpV ? join(`${typeOf(value)}{`, items, ", ", "}") : join("[", items, " ", "]");
}

function formatMap(value: GoMap, directive: Directive, budget: Budget): string {
  const entries = sortedKeys(value).map((key) => {
    const item = formatItem(value.entries.get(key), value.element, directive, budget);
    return `${formatValue(key, directive, budget)}:${item}`;
  });
  return directive.sharpV ? join(`${typeOf(value)}{`, entries, ", ", "}") : join("map[", entries, " ", "]");
}

function formatStruct(value: GoStruct, directive: Directive, budget: Budget): string {
  const fields = Array.from(value.fields, ([name, field]) => {
    const shown = formatValue(field, directive, budget);
    return directive.plusV || directive.sharpV ? `${name}:${shown}` : shown;
  });
  return directive.sharpV ? join(`${typeOf(value)}{`, fields, ", ", "}") : join("{", fields, " ", "}");
}

/** Nil in a list is `<nil>` by every verb. */
function formatItem(item: GoValue, element: string, directive: Directive, budget: Budget): string {
  if (item !== undefined && item !== null) return formatValue(item, directive, budget);
  budget.spend(1);
  return directive.sharpV ? `${element}(nil)` : "<nil>";
}

function join(open: string, pieces: readonly string[], separator: string, close: string): string {
  const length = pieces.reduce((sum, piece) => sum + piece.length + separator.length, open.length + close.length);
  if (length > MAX_BYTES)
    throw new TemplateFault(`a printed value has more than ${MAX_BYTES} bytes, which is the limit`);
  return open + pieces.join(separator) + close;
}
