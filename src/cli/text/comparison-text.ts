import { count } from "../../base/count.ts";
import { printable } from "../../base/printable.ts";
import { type FieldChange, fieldChanges } from "../../core/chart-diff/field-changes.ts";
import { labelOf, shownField } from "../../core/chart-diff/shown-diff.ts";
import type { ComparedKind, Comparison, Difference } from "../../core/compare/compare.ts";
import { DIFFERENCE_REASONS, type DifferenceReason, groupOf } from "../../core/compare/reason.ts";
import { DIAGNOSTIC_CODES } from "../../core/diagnostics/diagnostics.ts";
import { kindOf, splitKey } from "../../core/traefik/chart/dynamic-config.ts";
import { maskSecrets } from "../../core/traefik/mask-secrets.ts";
import type { Colours } from "./colour.ts";
import { fieldText, SIGNS } from "./diff-text.ts";
import { textTable } from "./text-table.ts";

/** What was compared. */
export interface ComparedWith {
  /** Of Traefik's API, without a password. */
  readonly address: string;
  readonly version: string;
  /** `consulcatalog`, `nomad-team`, … */
  readonly providers: readonly string[];
  /** The chart's path. */
  readonly chart: string;
}

/** More than these of one group are counted: who reads on wants the JSON. */
const MOST_OF_GROUP = 100;
const KINDS: readonly ComparedKind[] = ["routers", "services", "middlewares"];

/** One reason with all that differs for it. */
interface Group {
  readonly name: string;
  readonly reason: DifferenceReason;
  readonly entries: readonly { readonly difference: Difference; readonly reason: DifferenceReason }[];
}

/** A comparison for people: by reason, the largest first, then how many there are of each. */
export function comparisonText(comparison: Comparison, about: ComparedWith, colours: Colours): string {
  const groups = groupsOf(comparison);
  const { address, version, providers, chart } = about;
  const heading = `Traefik ${version} at ${address} (${providers.map((one) => `@${one}`).join(", ")}) and what portolan would write into ${chart}`;
  const parts = [
    `${printable(heading)}\n`,
    ...groups.map((group) => groupText(group, colours)),
    countsTable(comparison),
    `${summaryOf(comparison, groups)}\n`,
  ];
  return parts.join("\n");
}

/** The same for machines. Secrets are masked. */
export function comparisonJson(comparison: Comparison, about: ComparedWith): unknown {
  const reasons = groupsOf(comparison).map(({ name, entries }) => [name, entries.length] as const);
  return {
    traefik: { address: about.address, version: about.version, providers: about.providers },
    chart: about.chart,
    counts: comparison.counts,
    reasons: Object.fromEntries(reasons),
    differences: comparison.differences.map(({ key, diff, status, errors, reasons: own }) => ({
      name: key,
      kind: KIND_WORDS[diff.kind],
      ...(status === undefined ? {} : { status, errors }),
      reasons: own.map((reason) => ({ reason: groupOf(reason), ...reason })),
      fields: diff.kind === "changed" ? fieldChanges(diff) : [],
    })),
  };
}

const KIND_WORDS = { added: "only-portolan", removed: "only-traefik", changed: "different" } as const;

function groupsOf({ differences }: Comparison): readonly Group[] {
  const groups = new Map<
    string,
    { reason: DifferenceReason; entries: { difference: Difference; reason: DifferenceReason }[] }
  >();
  for (const difference of differences) {
    for (const reason of difference.reasons) {
      const known = groups.get(groupOf(reason));
      if (known === undefined) groups.set(groupOf(reason), { reason, entries: [{ difference, reason }] });
      else known.entries.push({ difference, reason });
    }
  }
  return [...groups]
    .map(([name, group]) => ({ name, ...group }))
    .sort((one, other) => other.entries.length - one.entries.length || (one.name < other.name ? -1 : 1));
}

function groupText({ name, reason, entries }: Group, colours: Colours): string {
  const doc = reason.code === undefined ? DIFFERENCE_REASONS[reason.kind].doc : DIAGNOSTIC_CODES[reason.code].doc;
  const lines = [`${colours.strong(name)}  ${countsIn(entries)}`, `  ${colours.faint(doc)}`];
  // What is said of several things of one service stands once below them.
  const byWords = Map.groupBy(entries.slice(0, MOST_OF_GROUP), ({ reason: own }) =>
    JSON.stringify([own.message, own.remedy]),
  );
  for (const same of byWords.values()) {
    for (const { difference } of same) lines.push(...differenceLines(difference, reason, colours));
    const { message, remedy } = same[0]?.reason ?? {};
    if (message !== undefined) lines.push(`      ${printable(message)}`);
    if (remedy !== undefined) lines.push(`      ${printable(remedy)}`);
  }
  if (entries.length > MOST_OF_GROUP) lines.push(`  … and ${entries.length - MOST_OF_GROUP} more (--json has all)`);
  return `${lines.join("\n")}\n`;
}

function differenceLines(
  { key, diff, status, errors }: Difference,
  reason: DifferenceReason,
  colours: Colours,
): readonly string[] {
  const shown = diff.before ?? diff.after;
  const { section } = splitKey(key);
  const rule = shown === undefined ? undefined : maskSecrets(section, shown)["rule"];
  const words = [
    labelOf(key),
    ...(typeof rule === "string" ? [rule] : []),
    ...(status === undefined || status === "enabled" ? [] : [`(${status} in Traefik: ${errors.join("; ")})`]),
  ];
  const head = `  ${colours[diff.kind](`${SIGNS[diff.kind]} ${printable(words.join("  "))}`)}`;
  if (diff.kind !== "changed") return [head];
  const fields = fieldChanges(diff).filter((change) => isOf(change, reason));
  return [
    head,
    ...fields
      .map(shownField)
      .map((one) => `      ${colours[one.kind](`${SIGNS[one.kind]} ${printable(fieldText(one))}`)}`),
  ];
}

/** A service may differ for several reasons, each about some of its fields. */
function isOf({ path }: FieldChange, { kind, code }: DifferenceReason): boolean {
  const [, field] = path;
  if (kind === "cookie-name") return field === "sticky";
  if (kind === "health-check" || code === "HEALTH_CHECK_REFUSED") return field === "healthCheck";
  if (kind === "servers" || kind === "own-tags") return field === "servers";
  return true;
}

function countsIn(entries: Group["entries"]): string {
  const kinds = KINDS.map(
    (kind) =>
      [kind, entries.filter(({ difference }) => kindOf(splitKey(difference.key).section) === kind).length] as const,
  );
  return kinds
    .filter(([, number]) => number > 0)
    .map(([kind, number]) => count(number, kind.slice(0, -1)))
    .join(", ");
}

function countsTable({ counts }: Comparison): string {
  const rows = KINDS.map((kind) => {
    const { traefik, portolan, equal } = counts[kind];
    return [kind, String(traefik), String(portolan), String(equal)];
  });
  return textTable(["", "TRAEFIK", "PORTOLAN", "THE SAME"], rows);
}

function summaryOf({ differences }: Comparison, groups: readonly Group[]): string {
  if (differences.length === 0) return "no differences";
  const kinds = Map.groupBy(differences, ({ diff }) => diff.kind);
  const parts = [
    [kinds.get("removed")?.length ?? 0, "only in Traefik"],
    [kinds.get("added")?.length ?? 0, "only in portolan's chart"],
    [kinds.get("changed")?.length ?? 0, "different"],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, words]) => `${number} ${words}`);
  const unknown = groups.find(({ name }) => name === "unknown")?.entries.length ?? 0;
  const known = unknown === 0 ? "each with a known reason" : `${unknown} without a known reason`;
  return `${count(differences.length, "difference")} (${told.join(", ")}), ${known}`;
}
