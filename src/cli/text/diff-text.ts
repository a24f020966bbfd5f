import { count } from "../../base/count.ts";
import { printable } from "../../base/printable.ts";
import type { ChartDiff } from "../../core/chart-diff/chart-diff.ts";
import { type ShownDiff, type ShownField, type ShownResource, shownDiff } from "../../core/chart-diff/shown-diff.ts";
import type { Colours } from "./colour.ts";

export const SIGNS = { added: "+", removed: "-", changed: "~" } as const;

export interface DiffTextOptions {
  readonly colours: Colours;
  /** What to say behind a router's name, by its key: such as its service and why it changes. */
  note?(router: string): string | undefined;
}

/** The text of `shownDiffText` for two charts that are here. */
export function diffText(diff: ChartDiff, options: DiffTextOptions): string {
  return shownDiffText(shownDiff(diff), options);
}

/**
 * What differs between two charts as lines that begin with `+`, `-` or `~`, by router with what it leads to. Something that
 * several routers lead to is told below the first of them, and routers of which nothing else differs are counted there.
 * Secrets are not shown. Empty where nothing differs.
 */
export function shownDiffText(diff: ShownDiff, { colours, note }: DiffTextOptions): string {
  const byKey = new Map(diff.resources.map((resource) => [resource.key, resource]));
  const told = new Map<string, string>();
  const users = new Map<string, number>();
  for (const { resources } of diff.routers) for (const key of resources) users.set(key, (users.get(key) ?? 0) + 1);
  const lines: string[] = [];
  const put = (kind: ShownResource["kind"], indent: number, text: string): void => {
    lines.push(`${" ".repeat(indent)}${colours[kind](`${SIGNS[kind]} ${printable(text)}`)}\n`);
  };
  const putFields = ({ fields }: ShownResource, indent: number): void => {
    for (const field of fields) put(field.kind, indent, fieldText(field));
  };
  for (const { key, label, kind, resources } of diff.routers) {
    if (resources.every((resource) => told.has(resource))) continue;
    const own = resources.includes(key) ? byKey.get(key) : undefined;
    const about = note?.(key);
    const words = [label, own?.rule, about && `(${about})`];
    put(kind, 0, words.filter((word) => word !== undefined && word !== "").join("  "));
    if (own !== undefined) putFields(own, 4);
    for (const resource of resources) {
      const found = byKey.get(resource);
      if (resource === key || found === undefined) continue;
      const first = told.get(resource);
      const others = (users.get(resource) ?? 1) - 1;
      const shared = others === 0 ? "" : `  (and for ${count(others, "more router")})`;
      put(found.kind, 4, `${found.label}${first === undefined ? shared : `  (as above, at ${first})`}`);
      if (first !== undefined) continue;
      putFields(found, 8);
      told.set(resource, label.replace(/^router /, ""));
    }
  }
  for (const key of diff.others) {
    const found = byKey.get(key);
    if (found === undefined) continue;
    put(found.kind, 0, `${found.label}  (no router names it)`);
    putFields(found, 4);
  }
  return lines.join("");
}

/** How much differs, in the words of terraform's last line. */
export function diffSummary({ routers, others, counts }: Pick<ShownDiff, "counts"> & Lists): string {
  if (routers.length === 0 && others.length === 0) return "no changes";
  const { added, changed, removed } = counts;
  const more = others.length === 0 ? "" : `; ${others.length} more that no router names`;
  return `${added} to add, ${changed} to change, ${removed} to remove${more}`;
}

interface Lists {
  readonly routers: readonly unknown[];
  readonly others: readonly unknown[];
}

export function fieldText({ name, before, after, isSecret }: ShownField): string {
  if (isSecret === true) return `${name}: another secret (not shown)`;
  return `${name}: ${[before, after].filter((value) => value !== undefined).join(" -> ")}`;
}
