import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createStateFile } from "../../../src/output/state/state-file.ts";
import { createScratch } from "../scratch.ts";

interface Owners {
  readonly names: readonly string[];
}

let scratch: ReturnType<typeof createScratch>;
let directory: string;
let path: string;

beforeEach(() => {
  scratch = createScratch();
  directory = join(scratch.dir, "lib", "state");
  path = join(directory, "owners.json");
});

afterEach(() => scratch.remove());

function decodeOwners(value: unknown): Owners | undefined {
  if (typeof value !== "object" || value === null || !("names" in value) || !Array.isArray(value.names)) return;
  return { names: value.names.filter((name) => typeof name === "string") };
}

function ownersFile(format = 2) {
  return createStateFile({ path, format, decode: decodeOwners });
}

function place(text: string, mtimeSeconds = 1_000): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(path, text);
  utimesSync(path, mtimeSeconds, mtimeSeconds);
}

describe("save and load", () => {
  it("brings the value and its age back, from a private file in a private directory", async () => {
    expect(await ownersFile().load()).toEqual({ kind: "absent" });
    await ownersFile().save({ names: ["windmill", "__proto__"] }, 1_700_000_000_123);
    expect(await ownersFile().load()).toEqual({
      kind: "loaded",
      value: { names: ["windmill", "__proto__"] },
      writtenAtMs: 1_700_000_000_123,
    });
    expect(statSync(path).mode & 0o7777).toBe(0o600);
    expect(statSync(directory).mode & 0o7777).toBe(0o700);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({
      portolan: "state",
      format: 2,
      writtenAtMs: 1_700_000_000_123,
      value: { names: ["windmill", "__proto__"] },
    });
  });

  it("leaves the mode of a directory that is there already", async () => {
    mkdirSync(directory, { recursive: true });
    chmodSync(directory, 0o750);
    await ownersFile().save({ names: [] }, 1);
    expect(statSync(directory).mode & 0o7777).toBe(0o750);
  });

  it("clears away what a killed save left behind", async () => {
    await ownersFile().save({ names: [] }, 1);
    writeFileSync(join(directory, ".portolan-owners.json-0123456789ab.staging"), '{"portolan":"sta');
    await ownersFile().load();
    expect(readdirSync(directory)).toEqual(["owners.json"]);
  });

  it("throws when the state directory cannot be made", async () => {
    writeFileSync(join(scratch.dir, "lib"), "a file");
    await expect(ownersFile().save({ names: [] }, 1)).rejects.toMatchObject({
      code: "E_OUTPUT_MISSING_DIR",
      message: `cannot create ${directory}: ENOTDIR; create the directory, or correct the path`,
    });
  });
});

describe("a file that cannot be understood", () => {
  const COMPLETE = '{"portolan":"state","format":2,"writtenAtMs":5,"value":{"names":["a"]}}\n';

  it("is set aside unchanged at every length that a cut may leave", async () => {
    for (let length = 0; length < COMPLETE.length - 1; length += 1) {
      place(COMPLETE.slice(0, length), 1_000 + length);
      const loaded = await ownersFile().load();
      if (loaded.kind !== "setAside") throw new Error(`${length} bytes were ${loaded.kind}`);
      expect(readFileSync(loaded.movedTo, "utf8")).toBe(COMPLETE.slice(0, length));
      expect(await ownersFile().load()).toEqual({ kind: "absent" });
    }
  });

  it("is set aside when it is another program's, or its value has another shape", async () => {
    for (const text of [
      "null",
      "[]",
      '{"format":2,"writtenAtMs":5,"value":{"names":[]}}',
      '{"portolan":"state","format":"2","writtenAtMs":5,"value":{"names":[]}}',
      '{"portolan":"state","format":-2,"writtenAtMs":5,"value":{"names":[]}}',
      '{"portolan":"state","format":2,"value":{"names":[]}}',
      '{"portolan":"state","format":2,"writtenAtMs":5}',
      '{"portolan":"state","format":2,"writtenAtMs":5,"value":{"names":"a"}}',
    ]) {
      place(text);
      expect(await ownersFile().load()).toMatchObject({
        kind: "setAside",
        movedTo: expect.stringContaining("damaged"),
      });
    }
  });

  it("is kept for the version that wrote it, when its format is another", async () => {
    await ownersFile(3).save({ names: ["from the future"] }, 7);
    const newer = readFileSync(path, "utf8");
    expect(await ownersFile().load()).toEqual({
      kind: "setAside",
      reason: `${path} has format 3, this version reads 2`,
      movedTo: `${path}.format-3`,
    });
    expect(readFileSync(`${path}.format-3`, "utf8")).toBe(newer);

    await ownersFile(3).save({ names: ["again"] }, 8);
    expect(await ownersFile().load()).toMatchObject({ movedTo: `${path}.format-3-1` });
    expect(readFileSync(`${path}.format-3`, "utf8")).toBe(newer);
  });

  it("keeps the newest five set aside, and touches no other file", async () => {
    mkdirSync(directory, { recursive: true });
    for (const name of ["owners.json.damaged-by-hand", "owners.json.bak", "other.json.damaged-1"]) {
      writeFileSync(join(directory, name), "");
      utimesSync(join(directory, name), 1, 1);
    }
    for (let turn = 1; turn <= 7; turn += 1) {
      place(`broken ${turn}`, 1_000 + turn);
      await ownersFile().load();
    }
    const names = readdirSync(directory).sort();
    const kept = names.filter((name) => /^owners\.json\.damaged-\d+$/.test(name));
    expect(kept.map((name) => readFileSync(join(directory, name), "utf8")).sort()).toEqual(
      [3, 4, 5, 6, 7].map((turn) => `broken ${turn}`),
    );
    expect(names.filter((name) => !kept.includes(name))).toEqual([
      "other.json.damaged-1",
      "owners.json.bak",
      "owners.json.damaged-by-hand",
    ]);
  });
});
