import { count } from "../../base/count.ts";
import { printable } from "../../base/printable.ts";
import { type ChartDiff, isEmptyDiff, type ResourceDiff, type RouterDiff } from "../../core/chart-diff/chart-diff.ts";
import { type FieldChange, fieldChanges } from "../../core/chart-diff/field-changes.ts";
import {
  type ConfigValue,
  isConfigObject,
  kindOf,
  protocolOf,
  type ResourceKey,
  routerLabel,
  splitKey,
} from "../../core/traefik/chart/dynamic-config.ts";
import { maskSecrets } from "../../core/traefik/mask-secrets.ts";
import type { Colours } from "./colour.ts";

export const SIGNS = { added: "+", removed: "-", changed: "~" } as const;

export interface DiffTextOptions {
  readonly colours: Colours;
  /** What to say behind a router's name, such as its service and why it changes. */
  note?(router: ResourceKey): string | undefined;
}

/**
 * What differs between two charts as lines that begin with `+`, `-` or `~`, by router with what it leads to. Something that
 * several routers lead to is told below the first of them, and routers of which nothing else differs are counted there.
 * Secrets are not shown. Empty where nothing differs.
 */
export function diffText(diff: ChartDiff, { colours, note }: DiffTextOptions): string {
  const told = new Map<ResourceDiff, ResourceKey>();
  const users = Map.groupBy(
    diff.routers.flatMap(({ key, resources }) => resources.map((resource) => ({ key, resource }))),
    ({ resource }) => resource,
  );
  const lines: string[] = [];
  const put = (kind: RouterDiff["kind"], indent: number, text: string): void => {
    lines.push(`${" ".repeat(indent)}${colours[kind](`${SIGNS[kind]} ${printable(text)}`)}\n`);
  };
  const putFields = (resource: ResourceDiff, indent: number): void => {
    if (resource.kind === "removed") return;
    for (const one of fieldChanges(resource)) put(kindOfField(one), indent, fieldText(one));
  };
  for (const { key, kind, resources } of diff.routers) {
    if (resources.every((resource) => told.has(resource))) continue;
    const own = resources.find((resource) => resource.key === key);
    const about = note?.(key);
    const words = [`router ${routerLabel(key)}`, ruleOf(own), about && `(${about})`];
    put(kind, 0, words.filter((word) => word !== undefined && word !== "").join("  "));
    if (own !== undefined) putFields(own, 4);
    for (const resource of resources) {
      if (resource === own) continue;
      const first = told.get(resource);
      const others = (users.get(resource)?.length ?? 1) - 1;
      const shared = others === 0 ? "" : `  (and for ${count(others, "more router")})`;
      put(resource.kind, 4, `${labelOf(resource.key)}${first ? `  (as above, at ${routerLabel(first)})` : shared}`);
      if (first !== undefined) continue;
      putFields(resource, 8);
      told.set(resource, key);
    }
  }
  for (const resource of diff.others) {
    put(resource.kind, 0, `${labelOf(resource.key)}  (no router names it)`);
    putFields(resource, 4);
  }
  return lines.join("");
}

/** How much differs, in the words of terraform's last line. */
export function diffSummary(diff: ChartDiff): string {
  if (isEmptyDiff(diff)) return "no changes";
  const { added, changed, removed } = diff.counts;
  const others = diff.others.length === 0 ? "" : `; ${diff.others.length} more that no router names`;
  return `${added} to add, ${changed} to change, ${removed} to remove${others}`;
}

/** The rule of a router that goes, of which no field is told. */
function ruleOf(own: ResourceDiff | undefined): string | undefined {
  if (own?.before === undefined || own.kind !== "removed") return undefined;
  const rule = maskSecrets(splitKey(own.key).section, own.before)["rule"];
  return typeof rule === "string" ? rule : undefined;
}

export function kindOfField({ before, after, isSecret }: FieldChange): ResourceDiff["kind"] {
  if (isSecret === true || (before !== undefined && after !== undefined)) return "changed";
  return before === undefined ? "added" : "removed";
}

export function fieldText({ path, before, after, isSecret }: FieldChange): string {
  const name = path.join(".");
  if (isSecret === true) return `${name}: another secret (not shown)`;
  const values = [before, after].filter((value) => value !== undefined).map(valueText);
  return `${name}: ${values.join(" -> ")}`;
}

/** A server is its address; anything else is as in the chart. */
function valueText(value: ConfigValue): string {
  if (isConfigObject(value)) {
    const [[field, only] = [], ...others] = Object.entries(value);
    if (others.length === 0 && typeof only === "string" && (field === "url" || field === "address")) return only;
    return JSON.stringify(value);
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** `service web`, `tcp middleware limit`, `TLS options strict`. */
export function labelOf(key: ResourceKey): string {
  const { section, name } = splitKey(key);
  const protocol = protocolOf(section);
  if (protocol === "tls") return `TLS ${kindOf(section) === "options" ? "options" : "store"} ${name}`;
  const kind = kindOf(section)
    .replace(/^serversTransports$/, "transports")
    .replace(/s$/, "");
  return `${protocol === "http" ? "" : `${protocol} `}${kind} ${name}`;
}
