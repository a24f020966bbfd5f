import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const KINDS = ["CHANGE", "FEATURE", "ENHANCEMENT", "BUGFIX"];

interface Version {
  readonly title: string;
  /** The lines of its entries before the first group: news that is not sorted in yet. */
  readonly unsorted: readonly string[];
  /** By the heading's first word, in the order of the page. */
  readonly groups: readonly {
    readonly kind: string;
    readonly topics: readonly string[];
    readonly entries: readonly string[];
  }[];
}

function versionsOf(text: string): readonly Version[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [head = "", ...groups] = section.split(/^### /m);
      return {
        title: head.split("\n")[0] ?? "",
        unsorted: entriesOf(head),
        groups: groups.map((group) => ({
          kind: /^[A-Z]+/.exec(group)?.[0] ?? "",
          topics: [...group.matchAll(/^#### (.*)$/gm)].map(([, topic = ""]) => topic),
          entries: entriesOf(group),
        })),
      };
    });
}

function entriesOf(part: string): readonly string[] {
  return part.split("\n").filter((line) => line.startsWith("- "));
}

/** What is wrong with the form of a changelog, a line each with the remedy. */
function problemsOf(text: string): readonly string[] {
  return versionsOf(text).flatMap(({ title, unsorted, groups }) => {
    const entries = [...unsorted, ...groups.flatMap((group) => group.entries)];
    const kinds = groups.map(({ kind }) => kind);
    return [
      ...(/^\d+\.\d+\.\d+ \((?:unreleased|\d{4}-\d\d-\d\d)\)$/.test(title)
        ? []
        : [`## ${title}: write ## VERSION (unreleased) or ## VERSION (YYYY-MM-DD)`]),
      ...entries
        .filter((line) => !new RegExp(`^- \`\\[(?:${KINDS.join("|")})\\]\` \\S`).test(line))
        .map((line) => `${line}: begin it with \`[${KINDS.join("]`, `[")}]\``),
      ...(unsorted.length > 0 && !title.includes("unreleased")
        ? [`## ${title}: ${unsorted.length} entries stand above its groups; move each to the group of its kind`]
        : []),
      ...(JSON.stringify(kinds) === JSON.stringify(KINDS.filter((kind) => kinds.includes(kind)))
        ? []
        : [`## ${title}: its groups are ${kinds.join(", ")}; each once, in the order ${KINDS.join(", ")}`]),
      ...groups.flatMap(({ kind, entries: own }) =>
        own
          .filter((line) => !line.startsWith(`- \`[${kind}]\``))
          .map((line) => `${line}: stands under ${kind}; move it to the group of its kind`),
      ),
      ...groups
        .filter(({ topics }) => new Set(topics).size < topics.length)
        .map(({ kind }) => `## ${title}, ${kind}: a topic has two headings; write its entries under one`),
    ];
  });
}

describe("CHANGELOG.md", () => {
  const text = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
  const versions = versionsOf(text);

  test("has the form that an operator can read", () => {
    expect(problemsOf(text)).toEqual([]);
    expect(versions.flatMap(({ groups }) => groups).length).toBeGreaterThan(0);
  });

  test("begins with the version of package.json, and has each version once", () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const numbers = versions.map(({ title }) => title.split(" ")[0]);
    expect(numbers[0]).toBe(version);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test("says each thing once", () => {
    const entries = text.split("\n").filter((line) => line.startsWith("- "));
    expect(entries.filter((line, at) => entries.indexOf(line) !== at)).toEqual([]);
  });
});

describe("a changelog", () => {
  const sound = "## 1.0.0 (2026-01-31)\n\n### CHANGE: read it\n\n- `[CHANGE]` a\n\n### BUGFIX\n\n- `[BUGFIX]` b\n";

  test.each([
    ["sound", sound, []],
    ["with news that is not sorted yet", sound.replace("(2026-01-31)\n", "(unreleased)\n\n- `[BUGFIX]` c\n"), []],
    ["released with the same", sound.replace("\n\n###", "\n\n- `[BUGFIX]` c\n\n###"), ["move each to the group"]],
    ["with a line of no kind", sound.replace("`[CHANGE]` a", "a"), ["begin it with", "stands under CHANGE"]],
    ["with a line in another's group", sound.replace("`[CHANGE]` a", "`[FEATURE]` a"), ["stands under CHANGE"]],
    [
      "with groups in another order",
      sound
        .replace("### CHANGE", "### FEATURE")
        .replaceAll("[CHANGE]", "[FEATURE]")
        .replace("### BUGFIX", "### CHANGE")
        .replaceAll("[BUGFIX]", "[CHANGE]"),
      ["in the order CHANGE"],
    ],
    ["with a version that is none", sound.replace("1.0.0", "next"), ["write ## VERSION"]],
  ])("%s", (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems.map((part) => expect.stringContaining(part)));
  });
});
