import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

const PAGE = join(import.meta.dirname, "../../docs/security.md");

interface NamedTest {
  readonly threat: string;
  readonly path: string;
  readonly title: string;
}

/** The rows of the tables of threats: the last column names files and, in quotes, the titles of tests in them. */
function namedTests(page: string): readonly NamedTest[] {
  const rows = page.split("\n").filter((line) => /^\|.*\]\(\.\.\/test\//.test(line));
  return rows.flatMap((row) => {
    const cells = row.split(" | ");
    const links = [...(cells.at(-1) ?? "").matchAll(/\[[^\]]+\]\(([^)]+)\) "([^"]+)"/g)];
    return links.map(([, path = "", title = ""]) => ({ threat: cells[0] ?? "", path, title }));
  });
}

function threatsWithoutTest(page: string): readonly string[] {
  const tables = page.slice(page.indexOf("\n## Threats"), page.indexOf("\n## What it does not"));
  const rows = tables.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| threat"));
  return rows.filter((row) => namedTests(row).length === 0);
}

/** Golden cases fold their descriptions, and a formatter may break a title. */
function unfolded(text: string): string {
  return text.replace(/\s+/g, " ");
}

/** The title as the first argument of a test, or at the beginning of a row of its table; no comment and no import. */
function titlesIn(text: string, title: string): readonly string[] {
  return text.split(/[([]\s*(?=["'`])/).filter((part) =>
    part
      .slice(1)
      .split(part[0] ?? "")[0]
      ?.includes(title),
  );
}

const page = readFileSync(PAGE, "utf8");
const named = namedTests(page);

describe("docs/security.md", () => {
  test("has a test for each threat", () => {
    expect(named.length).toBeGreaterThan(35);
    expect(threatsWithoutTest(page)).toEqual([]);
    expect(threatsWithoutTest("\n## Threats\n| a | b | c | none |\n\n## What it does not")).toHaveLength(1);
  });

  test.each(named)("names a test that exists: $path “$title”", ({ path, title }) => {
    expect(title.length).toBeGreaterThan(9);
    const text = unfolded(readFileSync(join(dirname(PAGE), path), "utf8"));
    expect(path.endsWith(".ts") ? titlesIn(text, title) : text.includes(title) ? [title] : []).not.toEqual([]);
  });

  test("tells the modes, limits and codes that the code has", () => {
    const source = (path: string) => readFileSync(join(dirname(PAGE), "../src", path), "utf8");
    expect(source("core/instances/registration-size.ts")).toMatch(
      /MAX_TAGS = 1_000;[\s\S]*MAX_CHARACTERS = 256 \* 1024;/,
    );
    expect(source("core/diagnostics/finding.ts")).toContain("MOST_OF_INSTANCE = 20;");
    expect(source("observe/reported-diagnostics.ts")).toMatch(/MOST_OF_SERVICE = 50;\s+const MOST = 1_000;/);
    for (const bounds of [
      "{ waiting: 512, answering: 64, unreadBytes: 64 * 1024 * 1024 }",
      "{ streams: 256, keepAliveMs: 15_000, stalledMs: 30_000 }",
      "{ headersMs: 5_000, requestMs: 10_000, idleMs: 10_000 }",
    ]) {
      expect(source("web/server.ts")).toContain(bounds);
    }
    expect(source("web/chart-server.ts").replaceAll(/\s+/g, " ")).toContain(
      "{ connections: 64, ofClient: 8, headersMs: 5_000, idleMs: 10_000, answerMs: 60_000, }",
    );
    expect(source("app/catalogs/connection.ts")).toContain("MAX_ANSWER_BYTES = 32 * 1024 * 1024;");
    expect(source("base/bounded-file.ts")).toContain("MAX_BYTES = 4 * 1024 * 1024;");
    expect(source("base/yaml-text.ts")).toContain("MAX_VALUES = 1_000_000;");
  });
});
