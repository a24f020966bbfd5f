import { printable } from "../../base/printable.ts";
import type { SettingPath } from "../resolve/setting-origins.ts";

/** What a setting may have as its value in a file. What is undefined is left out. */
export type WrittenValue =
  | string
  | number
  | boolean
  | readonly WrittenValue[]
  | { readonly [field: string]: WrittenValue | undefined };

/** A setting as it stands in a file that a person reads. */
export interface WrittenSetting {
  readonly path: SettingPath;
  /** Lines of comment above it. */
  readonly comment?: readonly string[];
  /** It is written as a comment: an example, or the default. */
  readonly isOff?: boolean;
  readonly value: WrittenValue | WrittenList;
}

/** A list with an item a line, each with a comment of its own above it. */
export interface WrittenList {
  readonly items: readonly { readonly value: WrittenValue; readonly comment?: string }[];
}

/**
 * A settings file with comments, as YAML: sections in the order in which they are first named, settings in theirs. All texts
 * may come from a catalog: none of them leaves its line, and comments are shown as they may be on a terminal.
 *
 * @param heading lines of comment above everything
 */
export function writeSettings(settings: readonly WrittenSetting[], heading: readonly string[] = []): string {
  const root: Section = { children: new Map(), isOff: false };
  for (const setting of settings) place(root, setting);
  const blocks = [...root.children].map(([name, node]) => linesOf(name, node, 0, false).join("\n"));
  const head = heading.map(commentLine).join("\n");
  return `${[head, ...blocks].filter((block) => block !== "").join("\n\n")}\n`;
}

interface Section {
  readonly children: Map<string, Section | WrittenSetting>;
  /** All that is in it is written as a comment. */
  isOff: boolean;
}

function place(root: Section, setting: WrittenSetting): void {
  const names = setting.path.split(".");
  const last = names.pop() ?? "";
  let section = root;
  for (const name of names) {
    const known = section.children.get(name);
    const next: Section = known !== undefined && "children" in known ? known : { children: new Map(), isOff: true };
    next.isOff &&= setting.isOff === true;
    section.children.set(name, next);
    section = next;
  }
  section.children.set(last, setting);
}

function linesOf(name: string, node: Section | WrittenSetting, depth: number, isWithinOff: boolean): readonly string[] {
  if ("children" in node) {
    const isOff = isWithinOff || node.isOff;
    const below = [...node.children].flatMap(([child, one]) => linesOf(child, one, depth + 1, isOff));
    return [line(depth, `${keyText(name)}:`, isOff), ...below];
  }
  const { comment = [], value } = node;
  const isOff = isWithinOff || node.isOff === true;
  const put = (text: string, deeper = 0) => line(depth + deeper, text, isOff);
  const above = comment.map((text) => `${indent(depth)}${commentLine(text)}`);
  if (!isList(value)) return [...above, put(`${keyText(name)}: ${flowText(value)}`)];
  if (value.items.length === 0) return [...above, put(`${keyText(name)}: []`)];
  const items = value.items.flatMap((item) => [
    ...(item.comment === undefined ? [] : [`${indent(depth + 1)}${commentLine(item.comment)}`]),
    put(`- ${flowText(item.value)}`, 1),
  ]);
  return [...above, put(`${keyText(name)}:`), ...items];
}

function isList(value: WrittenSetting["value"]): value is WrittenList {
  return typeof value === "object" && !Array.isArray(value) && "items" in value;
}

/** A setting that is off has no blank behind its `#`, so that it can be told from a comment, and switched on by one key. */
function line(depth: number, text: string, isOff: boolean): string {
  return `${indent(depth)}${isOff ? "#" : ""}${text}`;
}

function indent(depth: number): string {
  return "  ".repeat(depth);
}

function commentLine(text: string): string {
  return text === "" ? "#" : `# ${printable(text)}`;
}

/** Texts that YAML reads as nothing but themselves, whatever stands before and behind them in a flow. */
const PLAIN = /^[A-Za-z/][A-Za-z0-9_./@-]*$/;
/** In YAML 1.1 and 1.2. */
const WORDS = /^(?:true|false|yes|no|on|off|y|n|null|nan|inf)$/i;

/** A value in one line. What is no plain word is quoted as in JSON, and without a character that YAML may not hold. */
export function flowText(value: WrittenValue): string {
  if (typeof value === "string") {
    return PLAIN.test(value) && !WORDS.test(value) ? value : printable(JSON.stringify(value.toWellFormed()));
  }
  if (typeof value !== "object") return String(value);
  if (isArray(value)) return `[${value.map(flowText).join(", ")}]`;
  const fields = Object.entries(value).flatMap(([key, one]) =>
    one === undefined ? [] : [`${keyText(key)}: ${flowText(one)}`],
  );
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

/** For `readonly` arrays, which Array.isArray does not narrow. */
function isArray(value: WrittenValue): value is readonly WrittenValue[] {
  return Array.isArray(value);
}

function keyText(key: string): string {
  return flowText(key);
}
