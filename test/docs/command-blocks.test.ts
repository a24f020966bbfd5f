import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { blocksOf, type CommandBlock, commandBlocksIn, documentedPages, readPage } from "./blocks.ts";
import { NOT_PLAYED } from "./not-played.ts";
import { SCENES, type Scene } from "./scenes.ts";
import { openStage, type Place, type Stage } from "./stage/stage.ts";

const ROOT = join(import.meta.dirname, "../..");

interface RowOfBlock {
  readonly page: string;
  readonly has?: string;
}

function isOf({ page, text }: CommandBlock): (row: RowOfBlock) => boolean {
  return (row) => isAbout(row, page) && `${text}\n`.includes(row.has ?? "");
}

function isAbout(row: RowOfBlock, page: string): boolean {
  return row.page.endsWith("/") ? page.startsWith(row.page) : row.page === page;
}

const all = documentedPages().flatMap((page) => blocksOf(page, readPage(page)));
const blocks = commandBlocksIn(all);
const played = blocks.filter((block) => !NOT_PLAYED.some(isOf(block)));

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
beforeEach(() => {
  vi.stubEnv("PORTOLAN_SETTINGS", "portolan.yml");
});

// A new block that fails here needs a row in scenes.ts (files, registrations, other exit codes), or, where no process of a
// test can play it, one in not-played.ts with its reason.
describe.each(played)("$page:$line does what the page says", (block) => {
  const scene = SCENES.find(isOf(block));
  let place: Place;
  beforeAll(async () => {
    place = await stage.open(scene);
  });
  afterAll(() => place.close());

  test.each(block.steps)("$typed", async ({ typed, shown }) => {
    const { code, ends, printed } = await place.play(replaced(typed, scene), scene?.ends !== undefined);
    expect(ends, printed).toEqual(scene?.ends ?? ends.map(() => 0));
    if (scene?.ends === undefined) expect(code, printed).toBe(0);
    expect(missing(scene?.shown === undefined ? shown : textThatBegins(block.page, scene.shown), printed)).toBe("");
  });
});

function replaced(typed: string, scene?: Scene): string {
  return (scene?.instead ?? []).reduce((text, [from, to]) => text.replaceAll(from, to), typed);
}

function textThatBegins(page: string, beginning: string): string {
  const found = all.filter((block) => block.page === page && block.text.startsWith(beginning));
  if (found.length !== 1) throw new Error(`${page} has ${found.length} blocks that begin with ${beginning}`);
  return found[0]?.text ?? "";
}

/** What is printed, with the first piece between two ellipses of the page that is not there in its turn; else nothing. */
function missing(shown: string, printed: string): string {
  let from = 0;
  for (const piece of shown.split("…").map((one) => one.trim())) {
    const at = printed.indexOf(piece, from);
    if (at < 0) return `${printed}\nwithout\n${piece}`;
    from = at + piece.length;
  }
  return "";
}

describe("the lists", () => {
  test("most blocks are played", () => {
    expect(blocks.length).toBeGreaterThan(60);
    expect(played.length).toBeGreaterThan(blocks.length / 3);
  });

  test("a block that begins with a program has the language or the prompt of one", () => {
    const program = /^(?:portolan|npm|npx|nomad|consul|docker|kubectl|curl|systemctl|nft|sudo) [a-z-]/;
    const isOfPlayedPage = ({ page }: RowOfBlock) =>
      !NOT_PLAYED.some((row) => isAbout(row, page) && row.has === undefined);
    const typed = all.filter((block) => block.language === "" && program.test(block.text) && isOfPlayedPage(block));
    expect(typed.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
  });

  test("each row is about blocks that there are, and each scene about one", () => {
    const hits = (rows: readonly RowOfBlock[]) =>
      rows.map((row) => ({ ...row, blocks: blocks.filter((block) => isOf(block)(row)).length }));
    expect(hits(NOT_PLAYED).filter((row) => row.blocks === 0)).toEqual([]);
    expect(hits(SCENES).filter((row) => row.blocks !== 1)).toEqual([]);
  });

  test("the tests that play the same exist", () => {
    const alike = NOT_PLAYED.flatMap((row) => row.alike ?? []);
    expect(alike.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test.each(NOT_PLAYED.flatMap(({ page, heldBy }) => (heldBy === undefined ? [] : [{ page, heldBy }])))(
    "$heldBy reads $page",
    ({ page, heldBy }) => {
      expect(
        readFileSync(join(ROOT, heldBy), "utf8").replaceAll('JOBS, "README.md"', "nomad-jobs/README.md"),
      ).toContain(page.replace(/\/$/, ""));
    },
  );
});

describe("a block", () => {
  test("is one of commands by its language, or by a prompt; what follows a prompt is typed, the rest is printed", () => {
    const text = [
      "# A",
      "```sh",
      "a \\",
      "  b",
      "```",
      "```",
      "$ c \\",
      "  d",
      "out",
      "$ e",
      "```",
      "```yaml",
      "f: 1",
      "```",
    ];
    const found = blocksOf("page.md", text.join("\n"));
    expect(found.map(({ line, language, section }) => [line, language, section])).toEqual([
      [3, "sh", "A"],
      [7, "", "A"],
      [13, "yaml", "A"],
    ]);
    expect(commandBlocksIn(found).map(({ steps }) => steps)).toEqual([
      [{ typed: "a \\\n  b", shown: "" }],
      [
        { typed: "c \\\n  d", shown: "out" },
        { typed: "e", shown: "" },
      ],
    ]);
    expect(() => blocksOf("page.md", "```sh\na")).toThrow("page.md:1: this block is never closed");
  });

  test.each([
    ["a command that portolan does not have", "portolan fly", { ends: [64] }],
    ["a flag that it does not have", "portolan routes --fly", { ends: [64] }],
    ["a file that is not there", "nomad job run nomad-jobs/none.nomad.hcl", { ends: [], code: 1 }],
    ["a script that package.json does not have", "npm run fly", { ends: [], code: 1 }],
    ["a program that is not on the stage", "rm -r dist", { ends: [], code: 127 }],
  ])("with %s fails", async (_, typed, expected) => {
    const place = await stage.open();
    expect(await place.play(typed, false)).toMatchObject(expected);
    await place.close();
  });

  test("that prints something else than the page shows fails", () => {
    expect(missing("a\n…\nc", "a\nb\nc\n")).toBe("");
    expect(missing("a\n…\nc", "c\na\n")).toContain("without\nc");
  });
});
