import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { AppError } from "../../src/base/errors.ts";
import { newConfig } from "../../src/core/traefik/chart/dynamic-config.ts";
import { createSnippets, type Snippets } from "../../src/snippets/snippets.ts";
import { until } from "../support/await-until.ts";

const ZIP = "http: { middlewares: { zip: { compress: {} } } }\n";
const NAMELESS = "http: { middlewares: { zip: { compress: { encoding: [SECRET] } } } }\n";

describe("the snippets folder", () => {
  let root: string;
  let folder: string | undefined;
  let kept: Readonly<Record<string, unknown>> | undefined;
  let failure: AppError | undefined;
  let changes: number;
  let unsaved: readonly string[];
  const stops: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "portolan-snippets-"));
    folder = join(root, "snippets");
    await mkdir(folder);
    kept = undefined;
    failure = undefined;
    changes = 0;
    unsaved = [];
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    await rm(root, { recursive: true, force: true });
  });

  function create(): Snippets {
    return createSnippets({
      settings: () => ({
        folder,
        define: { origin: "settings", config: newConfig() },
        judgedBy: { version: "3.6", ruleSyntax: "v3", entryPoints: [], defaultEntryPoints: [] },
      }),
      kept: {
        load: async () => kept,
        async save(good) {
          if (failure !== undefined) throw failure;
          kept = good;
        },
      },
      clock: systemClock,
      changed() {
        changes += 1;
      },
      unsaved(error) {
        unsaved = [...unsaved, error.code];
      },
    });
  }

  async function started(): Promise<Snippets> {
    const snippets = create();
    await snippets.start();
    return snippets;
  }

  async function running(): Promise<Snippets> {
    const snippets = await started();
    const stop = new AbortController();
    const run = snippets.run(stop.signal);
    stops.push(async () => {
      stop.abort();
      await run;
    });
    return snippets;
  }

  const write = (name: string, text: string) => writeFile(join(root, "snippets", name), text);
  const names = (snippets: Snippets) => [...snippets.operatorConfig().config["http/middlewares"].keys()];
  const complaints = (snippets: Snippets) =>
    snippets
      .operatorConfig()
      .diagnostics.map(({ subject, message }) => `${subject.origin?.replace(root, "")}: ${message}`);

  test("reads .yml and .yaml files, and no hidden ones, others and folders below", async () => {
    await write("a.yml", ZIP);
    await write("b.YAML", ZIP.replace("zip", "also"));
    for (const name of [".c.yml", "d.yml.tmp", "e.json"]) await write(name, ZIP.replace("zip", "never"));
    await write("empty.yml", "# nothing yet\n");
    const snippets = await started();
    expect(names(snippets)).toEqual(["zip", "also"]);
    expect(complaints(snippets)).toEqual([]);
    expect(changes).toBe(1);
  });

  test("a file that comes, changes and goes is followed, also by a rename over it", async () => {
    const snippets = await running();
    await write("a.yml", ZIP);
    await until(() => names(snippets).includes("zip"), { timeoutMs: 5_000, what: "the new file" });
    await writeFile(join(root, "staged"), ZIP.replace("zip", "other"));
    await rename(join(root, "staged"), join(root, "snippets", "a.yml"));
    await until(() => names(snippets).join() === "other", { timeoutMs: 5_000, what: "the renamed file" });
    await rm(join(root, "snippets", "a.yml"));
    await until(() => names(snippets).length === 0, { timeoutMs: 5_000, what: "the file to be gone" });
    expect(complaints(snippets)).toEqual([]);
  });

  test("a file that breaks keeps its last good version, also over a restart, and shows no secret", async () => {
    await write("a.yml", ZIP);
    await started();
    await write("a.yml", NAMELESS);
    const restarted = await started();
    expect(names(restarted)).toEqual(["zip"]);
    expect(complaints(restarted)).toEqual([
      expect.stringMatching(
        /^\/snippets\/a\.yml: http\.middlewares\.zip\.compress: found "encoding".*last good version/,
      ),
    ]);
    expect(JSON.stringify(restarted.operatorConfig().diagnostics)).not.toContain("SECRET");
  });

  test("text that is no YAML is reported by line and column alone", async () => {
    await write("a.yml", "http:\n  middlewares: { zip: *SECRET }\n");
    await write("b.yml", "--- {}\n---\nhttp: {}\n");
    expect(complaints(await started())).toEqual([
      "/snippets/a.yml: found invalid YAML at line 2, column 24: unidentified alias …; the whole file is left out",
      "/snippets/b.yml: found 2 YAML documents, of which traefik reads the first only; the whole file is left out",
    ]);
  });

  test("a pipe is not waited for, and what is too large is not read: the other files count", async () => {
    execFileSync("mkfifo", [join(root, "snippets", "a.yml")]);
    await write("b.yml", `# ${"x".repeat(4 * 1024 * 1024)}`);
    await write("c.yml", ZIP);
    const snippets = await started();
    expect(names(snippets)).toEqual(["zip"]);
    expect(complaints(snippets)).toEqual([
      "/snippets/a.yml: cannot be read (no regular file); the whole file is left out",
      "/snippets/b.yml: cannot be read (larger than 4194304 bytes); the whole file is left out",
    ]);
  });

  test("what cannot be read is a problem, and takes nothing away", async () => {
    await write("a.yml", ZIP);
    const snippets = await started();
    await rm(join(root, "snippets"), { recursive: true });
    await snippets.reload();
    expect(names(snippets)).toEqual(["zip"]);
    expect(complaints(snippets)).toEqual([
      "/snippets: cannot be read (ENOENT)",
      "/snippets/a.yml: cannot be read (ENOENT); the last good version of the file counts on",
    ]);
  });

  test("a folder that is created later is found, and one that the settings drop is forgotten", async () => {
    await rm(join(root, "snippets"), { recursive: true });
    const snippets = await started();
    expect(complaints(snippets)).toEqual(["/snippets: cannot be read (ENOENT)"]);
    await mkdir(join(root, "snippets"));
    await write("a.yml", ZIP);
    await snippets.reload();
    expect(names(snippets)).toEqual(["zip"]);
    folder = undefined;
    await snippets.reload();
    expect([...names(snippets), ...complaints(snippets)]).toEqual([]);
    expect(kept).toEqual({});
  });

  test("a reading that brings no news keeps the same object and reports no change", async () => {
    await write("a.yml", ZIP);
    const snippets = await started();
    const before = snippets.operatorConfig();
    await write("a.yml", `# a comment\n${ZIP}`);
    await snippets.reload();
    expect(snippets.operatorConfig()).toBe(before);
    expect(changes).toBe(1);
  });

  test("a state that cannot be saved is reported, and the definitions count all the same", async () => {
    failure = new AppError("no space", { code: "E_OUTPUT_NO_SPACE", retryable: true });
    await write("a.yml", ZIP);
    expect(names(await started())).toEqual(["zip"]);
    expect(unsaved).toEqual(["E_OUTPUT_NO_SPACE"]);
  });
});
