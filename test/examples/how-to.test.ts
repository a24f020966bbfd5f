import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { load } from "js-yaml";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DIAGNOSTIC_CODES } from "../../src/core/diagnostics/diagnostics.ts";
import { type HowTo, readHowTo } from "../builders/how-to.ts";
import { printedPattern } from "../builders/shown-steps.ts";
import { runHere } from "../cli/in-process.ts";

const ROOT = join(import.meta.dirname, "../..");
const FOLDER = join(ROOT, "docs/how-to");
const NAMES = (await readdir(FOLDER)).filter((name) => name !== "README.md");
const PAGES = await Promise.all(NAMES.map((name) => readHowTo(join(FOLDER, name))));
const CASES = await readdir(join(ROOT, "test/golden/cases"));

/** As nomad-jobs/portolan.nomad.hcl has it; test/integration/job-files.test.ts reads it there. */
const SET_BY_THE_JOB = "output: { file: /chart/portolan.yml }\nstateDir: /var/lib/portolan\nlisten: 127.0.0.1:9532\n";

const before = process.cwd();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "portolan-how-to-"));
  process.chdir(folder);
});
afterEach(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true });
});

/** Lays out the files of a page as its reader would, beside the examples that the pages name. */
async function layOut({ files }: HowTo): Promise<void> {
  await symlink(join(ROOT, "deploy"), join(folder, "deploy"));
  for (const [name, text] of files) {
    await mkdir(join(folder, dirname(name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

async function run(words: readonly string[]) {
  const { code, stdout, stderr } = await runHere(words);
  return { code, printed: stderr + stdout };
}

test("the list of how-tos has every page", async () => {
  const list = await readFile(join(FOLDER, "README.md"), "utf8");
  expect(new Set([...list.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, name]) => name))).toEqual(new Set(NAMES));
});

describe.each(PAGES)("$name", (page) => {
  test("has its four parts", () => {
    expect(page.text).toMatch(/^# .+\n\n\*\*Goal\*\*: /);
    expect([...page.text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual([
      "Copy",
      "See that it works",
      "What goes wrong",
    ]);
  });

  test("shows settings, a policy and a ledger that are sound", async () => {
    await layOut(page);
    const settings = page.files.has("portolan.yml") ? ["--settings", "portolan.yml"] : [];
    for (const [name, text] of page.files) {
      expect(load(text), name).toBeTypeOf("object");
      const kind = name === "portolan.yml" ? "settings" : name.replace(".yml", "");
      if (!["settings", "policy", "ledger"].includes(kind)) continue;
      const { code, printed } = await run(["check", kind, name, ...(kind === "policy" ? settings : [])]);
      expect({ code, printed }).toEqual({ code: 0, printed: expect.stringMatching(/^SUCCESS/) });
      expect(printed).not.toContain("(warning)");
    }
  });

  test("shows settings that are sound in a container and in an allocation, which say themselves where files lie", async () => {
    await layOut(page);
    const shown = page.files.get("portolan.yml");
    if (shown === undefined) return;
    for (const [place, fixed] of [
      ["container", await readFile(join(ROOT, "deploy/container.yml"), "utf8")],
      ["allocation", SET_BY_THE_JOB],
    ] as const) {
      const settings = { ...(load(shown) as object), ...(load(fixed) as object) };
      await writeFile(join(folder, "portolan.yml"), JSON.stringify(settings));
      const { printed } = await run(["check", "settings", "portolan.yml"]);
      expect(printed, place).toMatch(/^SUCCESS/);
    }
  });

  test("shows tags that are charted without a complaint, as the page says", async () => {
    await layOut(page);
    const settings = page.files.has("portolan.yml") ? ["--settings", "portolan.yml"] : [];
    let charts = "";
    for (const { name, tags, canaryTags } of page.services) {
      for (const list of [tags, canaryTags].filter((one) => one.length > 0)) {
        const { code, printed } = await run(["check", "tags", ...settings, "--service", name, ...list]);
        expect(printed.split("\n").filter((line) => /^[A-Z_]+: /.test(line))).toEqual([]);
        expect(code).toBe(0);
        charts += printed;
      }
    }
    for (const chart of page.charts) expect(charts).toContain(chart);
  });

  test("shows commands that print what it says", async () => {
    await layOut(page);
    for (const { words, printed } of page.commands) {
      expect((await run(words)).printed, words.join(" ")).toMatch(printedPattern(printed));
    }
  });

  test("names diagnostics, cases and tests that there are", async () => {
    const codes = [...page.text.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, code = ""]) => code);
    for (const code of codes) expect(Object.keys(DIAGNOSTIC_CODES), page.name).toContain(code);
    for (const [, number] of page.text.matchAll(/`(\d{3})`/g)) {
      expect(
        CASES.filter((name) => name.startsWith(`${number}-`)),
        `case ${number}`,
      ).not.toEqual([]);
    }
    for (const [, path = "", title = ""] of page.text.matchAll(/\]\((\S+\.test\.ts)\)\s"([^"]+)"/g)) {
      expect(await readFile(join(FOLDER, path), "utf8")).toContain(title.replaceAll("\n", " "));
    }
  });
});
