import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documentedCommands } from "../builders/documented-commands.ts";
import { runHere } from "../cli/in-process.ts";
import { type LiveSite, openExample } from "./live-site.ts";

const ROOT = join(import.meta.dirname, "../..");
const SITES = ["homelab", "messenger", "nodeports", "gateway"] as const;

/** The rows of docs/ports.md below "The documents that it replaces": what it is, the site, the commands. */
const ROWS = Array.from(
  (readFileSync(join(ROOT, "docs/ports.md"), "utf8").split("## The documents that it replaces\n")[1] ?? "")
    .split(/\n## /)[0]
    ?.matchAll(/^\| ([^|]+) \| (homelab|messenger|nodeports|gateway) \| ([^|]+) \|$/gm) ?? [],
  ([, what = "", site = "", commands = ""]) => ({
    what,
    site,
    commands: documentedCommands("docs/ports.md", commands).map(({ words }) => words),
  }),
);

describe.each(SITES)("deploy/examples/%s/PORTS.md", (site) => {
  const words = ["ledger", "--settings", join(ROOT, "deploy/examples", site, "portolan.yml")];
  const document = join(ROOT, "deploy/examples", site, "PORTS.md");

  test("is true", async () => {
    expect(await runHere([...words, "--check", document])).toMatchObject({ code: 0 });
  });

  test("is out of date once the ledger is changed, and the line is named", async () => {
    const { folder, run, close } = await openExample(site);
    try {
      const ledger = join(folder, "ledger.yml");
      const text = await readFile(ledger, "utf8");
      const [, purpose = ""] = /purpose: "?([^"}\n]+?)"? \}$/m.exec(text.slice(text.indexOf("\nports:"))) ?? [];
      await writeFile(ledger, text.replace(`purpose: ${purpose} }`, "purpose: another one }"));
      const { code, stdout } = await run(["ledger", "--check", join(folder, "PORTS.md")]);
      expect(code).toBe(1);
      expect(stdout).toMatch(new RegExp(`^ +\\d+ - \\| .*${purpose}.*\\n +\\+ \\| .*another one`, "m"));
    } finally {
      await close();
    }
  });
});

describe("the documents that portolan replaces", () => {
  const sites = new Map<string, LiveSite>();
  beforeAll(async () => {
    for (const site of SITES) sites.set(site, await openExample(site));
  });
  afterAll(async () => {
    for (const site of sites.values()) await site.close();
  });

  test("docs/ports.md names a command for each", () => {
    expect(ROWS.length).toBeGreaterThan(20);
    expect(ROWS.filter(({ commands }) => commands.length === 0)).toEqual([]);
    expect(new Set(ROWS.map(({ site }) => site))).toEqual(new Set(SITES));
  });

  test.each(
    ROWS.flatMap(({ commands, ...row }) => commands.map((words) => ({ ...row, words, line: words.join(" ") }))),
  )("$what ($site): portolan $line", async ({ site, words }) => {
    const { code, stdout, stderr } = (await sites.get(site)?.run(words)) ?? { code: -1, stdout: "", stderr: "" };
    // No portolan runs: what would ask it answers from the catalog, and says so.
    expect(stderr.replace(/^portolan: no portolan answers at .*\n/, "")).toBe("");
    // 1 is an answer, too: a port that is taken, an entry that another service holds.
    expect([0, 1]).toContain(code);
    expect(stdout.trim()).not.toBe("");
    expect(stdout).not.toContain("says nothing of this");
    if (words.includes("--part")) {
      expect(readFileSync(join(ROOT, "deploy/examples", site, "PORTS.md"), "utf8")).toContain(stdout);
    }
  });
});
