import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createJournalFile } from "../../../src/output/state/journal-file.ts";
import { createScratch } from "../scratch.ts";

interface Port {
  readonly port: number;
}
type Ports = Readonly<Record<string, Port>>;

let scratch: ReturnType<typeof createScratch>;
let path: string;

beforeEach(() => {
  scratch = createScratch();
  path = join(scratch.dir, "state", "ports.json");
});

afterEach(() => scratch.remove());

function portsFile(format = 1) {
  const file = createJournalFile<string, Port>({
    path,
    format,
    encodeItem: ({ port }) => port,
    decodeHead: (value) => (typeof value === "string" ? value : undefined),
    decodeItem: (value) => (typeof value === "number" ? { port: value } : undefined),
    isSame: (one, other) => one === other,
    keysBetween: () => undefined,
  });
  return {
    load: () => file.load(),
    save: (head: string, ports: Ports) => file.save({ head, items: new Map(Object.entries(ports)) }, 5),
  };
}

/** What another process would find, as plain data. */
async function found(): Promise<unknown> {
  const loaded = await portsFile().load();
  if (loaded.kind !== "loaded") return loaded;
  return { head: loaded.value.head, ...Object.fromEntries(loaded.value.items) };
}

function lines(): readonly string[] {
  return readFileSync(path, "utf8").trimEnd().split("\n");
}

/** That many items. */
function many(count: number): Ports {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`s${i}`, { port: 20_000 + i }]));
}

describe("save and load", () => {
  it("brings everything back, from a private file in a private directory", async () => {
    const file = portsFile();
    expect(await file.load()).toEqual({ kind: "absent" });
    await file.save("dc1", { web: { port: 1 }, __proto__x: { port: 2 } });
    expect(await portsFile().load()).toEqual({
      kind: "loaded",
      value: {
        head: "dc1",
        items: new Map([
          ["web", { port: 1 }],
          ["__proto__x", { port: 2 }],
        ]),
      },
      writtenAtMs: 5,
    });
    expect(statSync(path).mode & 0o7777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o7777).toBe(0o700);
  });

  it("appends what has changed and what has gone, and nothing else", async () => {
    const file = portsFile();
    const [web, db, api] = [{ port: 1 }, { port: 2 }, { port: 3 }];
    await file.save("dc1", { web, db, api });
    const before = lines();
    await file.save("dc2", { web, db: { port: 4 } });
    expect(lines()).toEqual([...before, '["db",4]', '["api"]', '{"writtenAtMs":5,"head":"dc2"}']);
    expect(await found()).toEqual({ head: "dc2", web, db: { port: 4 } });
    expect(statSync(path).mode & 0o7777).toBe(0o600);
  });

  it("writes nothing where nothing has changed", async () => {
    const file = portsFile();
    const web = { port: 1 };
    await file.save("dc1", { web });
    const before = lines();
    await file.save("dc1", { web });
    expect(lines()).toEqual(before);
  });

  it("brings the last save back, whatever was saved before", async () => {
    const ports = fc.dictionary(fc.constantFrom("a", "b", "c", "\u2028", "\n"), fc.record({ port: fc.nat(3) }));
    await fc.assert(
      fc.asyncProperty(fc.array(ports, { minLength: 1, maxLength: 6 }), async (saves) => {
        rmSync(dirname(path), { recursive: true, force: true });
        const file = portsFile();
        for (const [turn, one] of saves.entries()) {
          await file.save(String(turn), one);
          expect(await found()).toEqual({ head: String(turn), ...one });
        }
      }),
      { numRuns: 20 },
    );
  });

  it("stays small: what was appended is written into one whole now and then", async () => {
    const file = portsFile();
    let ports = many(2_000);
    await file.save("dc1", ports);
    const whole = statSync(path).size;
    let most = whole;
    for (let turn = 0; turn < 90; turn += 1) {
      ports = { ...ports, [`s${turn}`]: { port: turn }, [`t${turn % 9}`]: { port: turn } };
      await file.save(`turn ${turn} ${"x".repeat(2_000)}`, ports);
      most = Math.max(most, statSync(path).size);
    }
    expect(most).toBeGreaterThan(whole + 60 * 1024);
    expect(most).toBeLessThan(whole + 70 * 1024);
    expect(await found()).toEqual({ head: expect.stringMatching(/^turn 89 /), ...ports });
  });

  it("writes everything anew when most of it has changed", async () => {
    const file = portsFile();
    await file.save("dc1", many(1_000));
    await file.save("dc1", many(1_000));
    expect(lines()).toHaveLength(1_002);
  });
});

describe("a file that is not as this process left it", () => {
  it("is written anew where it was deleted, shortened or written by another", async () => {
    const file = portsFile();
    const web = { port: 1 };
    for (const [turn, spoil] of [
      () => rmSync(path),
      () => rmSync(dirname(path), { recursive: true }),
      () => writeFileSync(path, lines().slice(0, 1).join("\n")),
      () => appendFileSync(path, '["stranger",9]\n'),
    ].entries()) {
      await file.save(`before ${turn}`, { web });
      spoil();
      await file.save(`after ${turn}`, { web, db: { port: turn } });
      expect(await found()).toEqual({ head: `after ${turn}`, web, db: { port: turn } });
    }
  });
});

describe("a save that a kill has cut off", () => {
  it("counts as not done, at every length that a cut may leave", async () => {
    const file = portsFile();
    const web = { port: 1 };
    await file.save("before", { web, db: { port: 2 } });
    const before = readFileSync(path, "utf8");
    await file.save("after", { web: { port: 3 }, api: { port: 4 } });
    const after = readFileSync(path, "utf8");
    for (let length = before.length; length < after.length; length += 1) {
      writeFileSync(path, after.slice(0, length));
      const loaded = await portsFile().load();
      expect(loaded).toMatchObject({ kind: "loaded", value: { head: "before" } });
      const isWhole = length === before.length;
      expect(loaded).toMatchObject(isWhole ? {} : { note: expect.stringContaining("in the middle of a save") });
    }
    writeFileSync(path, after);
    expect(await portsFile().load()).not.toHaveProperty("note");
    expect(readdirSync(dirname(path))).toEqual(["ports.json"]);
  });

  it("may leave zeros where the disk lost its power", async () => {
    await portsFile().save("before", { web: { port: 1 } });
    appendFileSync(path, "\0".repeat(4_096));
    expect(await found()).toEqual({ head: "before", web: { port: 1 } });
  });
});

describe("a file that cannot be understood", () => {
  const WHOLE = '{"portolan":"journal","format":1}\n["web",1]\n{"writtenAtMs":5,"head":"dc1"}\n';

  it.each([
    ["empty", ""],
    ["garbage", "\u0000\u0001garbage\n"],
    ["of another program", '{"format":1}\n["web",1]\n{"writtenAtMs":5,"head":"dc1"}\n'],
    ["cut in its only save", WHOLE.slice(0, -2)],
    ["garbage in the middle", WHOLE.replace('["web",1]', "garbage")],
    ["an item of another shape", WHOLE.replace('["web",1]', '["web",{}]')],
    ["a line of three", WHOLE.replace('["web",1]', '["web",1,2]')],
    ["a key that is none", WHOLE.replace('["web",1]', "[1,1]")],
    ["a head of another shape", WHOLE.replace('"dc1"', "7")],
    ["a line of no kind", WHOLE.replace('["web",1]', "7")],
  ])("is set aside: %s", async (_, text) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    const loaded = await portsFile().load();
    if (loaded.kind !== "setAside") throw new Error(`it was ${loaded.kind}`);
    expect(loaded.movedTo).toBe(`${path}.damaged-1`);
    expect(readFileSync(loaded.movedTo, "utf8")).toBe(text);
    expect(await found()).toEqual({ kind: "absent" });
  });

  it("is kept for the version that wrote it, when its format is another", async () => {
    await portsFile(3).save("dc1", { web: { port: 1 } });
    expect(await portsFile().load()).toEqual({
      kind: "setAside",
      reason: `${path} has format 3, this version reads 1`,
      movedTo: `${path}.format-3`,
    });
    writeFileSync(path, '{"portolan":"state","format":2,"writtenAtMs":5,"value":{}}\n');
    expect(await portsFile().load()).toMatchObject({ movedTo: `${path}.format-2` });
  });

  it("does not stop the next save", async () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "garbage");
    const file = portsFile();
    await file.load();
    await file.save("dc1", { web: { port: 1 } });
    expect(await found()).toEqual({ head: "dc1", web: { port: 1 } });
  });
});
