import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bandWords, markWords } from "../../../src/page/ports/mark-words.ts";
import { bandOf, COLUMN_PX, type Line, pictureLines } from "../../../src/page/ports/picture-layout.ts";
import { type PortRow, portRows } from "../../../src/page/ports/port-row.ts";
import { STATUS_WORDS, STATUSES_BY_GRAVITY } from "../../../src/page/ports/status-words.ts";
import { groupAnswer, portAnswer, rowsAt } from "./port-answers.ts";

const DYNAMIC = { first: 20_000, last: 32_000, origin: "from the settings" };
const LINE: Line = { kind: "class", name: "dynamic", ports: DYNAMIC, note: "", nextFree: undefined };

describe("the lines of the picture", () => {
  const names = (dynamic: typeof DYNAMIC) =>
    pictureLines({ dynamic, groups: [] }, undefined).map(({ name, ports }) => `${name} ${ports.first}-${ports.last}`);

  test.each([
    [20_000, 32_000, ["system 1-1023", "infrastructure 1024-19999", "dynamic 20000-32000", "high 32001-65535"]],
    [1, 65_535, ["dynamic 1-65535"]],
    [500, 2_000, ["system 1-499", "dynamic 500-2000", "high 2001-65535"]],
    [1_024, 65_535, ["system 1-1023", "dynamic 1024-65535"]],
  ])("are the classes, whatever is dynamic: %d-%d", (first, last, expected) => {
    expect(names({ first, last, origin: "" })).toEqual(expected);
  });

  test("are each group of the ledger once more", () => {
    const lines = pictureLines({ dynamic: DYNAMIC, groups: [groupAnswer()] }, undefined);
    expect(lines.at(-1)).toMatchObject({ kind: "group", name: "core", nextFree: 30_820 });
  });

  test("are the ports that are asked for alone; a group with its next free port", () => {
    const of = (first: number, last: number) =>
      pictureLines({ dynamic: DYNAMIC, groups: [groupAnswer()] }, { first, last });
    expect(of(30_800, 30_899)).toMatchObject([{ kind: "group", name: "core", nextFree: 30_820 }]);
    expect(of(30_000, 31_000)).toMatchObject([{ kind: "asked", ports: { first: 30_000, last: 31_000 } }]);
  });
});

describe("a line", () => {
  test("has a place for each port where there is room", () => {
    const line: Line = { ...LINE, ports: { first: 30_800, last: 30_819 } };
    const { marks } = bandOf(line, { rows: rowsAt([30_800, 30_801, 30_819]), groups: [], widthPx: 330 });
    expect(marks.map(({ first }) => first)).toEqual([30_800, 30_801, 30_819]);
    const gap = (marks[1]?.x ?? 0) - (marks[0]?.x ?? 0);
    expect(gap).toBeGreaterThanOrEqual(COLUMN_PX);
  });

  test("shows neighbours that stand alike as one mark, and never hides one that is Squatted behind a thousand", () => {
    const many = rowsAt(Array.from({ length: 1_000 }, (_, at) => 24_000 + at));
    const squatted = portRows([portAnswer(24_500, { status: "Squatted", node: "node-2" })], []);
    const { marks } = bandOf(LINE, { rows: [...many, ...squatted], groups: [], widthPx: 360 });
    const found = marks.filter(({ status }) => status === "Squatted");
    expect(found).toHaveLength(1);
    const below = marks.filter(({ status, x }) => status === "Scheduled" && x === found[0]?.x);
    expect(below).toHaveLength(1);
    expect(found[0]?.up).toBeGreaterThan(below[0]?.up ?? 0);
  });

  test("draws wide ranges and groups as bars that do not lie on each other", () => {
    const rows = portRows(
      [portAnswer(21_000, { last: 24_000, status: "Reserved", holders: [], declaredFor: ["tikv"] })],
      [],
    );
    const groups = [
      groupAnswer({ name: "a", first: 20_500, last: 22_000 }),
      groupAnswer({ name: "b", first: 25_000, last: 26_000 }),
    ];
    const { bars, marks } = bandOf(LINE, { rows, groups, widthPx: 800 });
    expect(marks).toEqual([]);
    expect(bars.map(({ name, lane }) => [name, lane])).toEqual([
      ["a", 0],
      ["tikv", 1],
      ["b", 0],
    ]);
  });

  test("says in words what it shows", () => {
    const line: Line = {
      ...LINE,
      kind: "group",
      name: "core",
      note: "what users call",
      nextFree: 30_820,
      ports: { first: 30_800, last: 30_899 },
    };
    const rows = [...rowsAt([30_800, 30_810], { status: "Active" }), ...rowsAt([30_805], { status: "Squatted" })];
    const band = bandOf(line, { rows, groups: [groupAnswer()], widthPx: 800 });
    expect(bandWords(band)).toBe(
      "group core, ports 30800 to 30899 (what users call): 1 Squatted, 2 Active; next free: 30820",
    );
    expect(band.bars).toEqual([]);
    expect(bandWords(bandOf(LINE, { rows: [], groups: [], widthPx: 800 }))).toContain("nothing runs or is declared");
  });

  const port = fc.integer({ min: 1, max: 65_535 });
  const row = fc.record({
    first: port,
    length: fc.integer({ min: 0, max: 3_000 }),
    status: fc.constantFrom(...STATUSES_BY_GRAVITY),
  });
  test("has every row in exactly one mark or bar, all within the picture", () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 40 }),
        fc.integer({ min: 280, max: 1_600 }),
        port,
        port,
        (given, widthPx, one, other) => {
          const ports = { first: Math.min(one, other), last: Math.max(one, other) };
          const rows = portRows(
            given.map(({ first, length, status }, at) =>
              portAnswer(first, { id: String(at), last: Math.min(65_535, first + length), status }),
            ),
            [],
          );
          const within = rows.filter(({ first, last }) => first <= ports.last && last >= ports.first);
          const { marks, bars, ticks } = bandOf({ ...LINE, ports }, { rows, groups: [], widthPx });
          const drawn = [...marks.flatMap((mark) => mark.rows), ...bars.flatMap((bar) => bar.row ?? [])];
          const keys = (all: readonly PortRow[]) => all.map(({ key }) => Number(key)).toSorted((a, b) => a - b);
          expect(keys(drawn)).toEqual(keys(within));
          for (const { x } of [...marks, ...ticks]) expect(x >= 0 && x <= widthPx).toBe(true);
          for (const { x, width } of bars) expect(x >= 0 && x + width <= widthPx + 0.001).toBe(true);
          expect(marks.length).toBeLessThanOrEqual((Math.floor(widthPx / COLUMN_PX) + 1) * STATUSES_BY_GRAVITY.length);
        },
      ),
      { numRuns: 200 },
    );
  });
});

test("no two statuses have a mark of one form", () => {
  const marks = STATUSES_BY_GRAVITY.map((status) => STATUS_WORDS[status].mark);
  expect(new Set(marks).size).toBe(marks.length);
  expect(new Set(Object.keys(STATUS_WORDS))).toEqual(new Set(STATUSES_BY_GRAVITY));
});

describe("a mark in words", () => {
  const words = (rows: ReturnType<typeof rowsAt>) =>
    markWords({
      rows,
      status: "Active",
      first: Math.min(...rows.map((row) => row.first)),
      last: Math.max(...rows.map((row) => row.last)),
    });

  test("is the port with node, owner and status", () => {
    expect(words(rowsAt([8_081], { node: "dns-1", holders: ["powerdns-api"], status: "Active" }))).toBe(
      "8081/tcp on dns-1: powerdns-api, Active",
    );
  });

  test("is the nodes of one port, a few of many", () => {
    const rows = Array.from({ length: 9 }, (_, at) => rowsAt([8_081], { node: `n${at}` })).flat();
    expect(words(rows)).toBe(
      "8081: tcp on n0 web; tcp on n1 web; tcp on n2 web; tcp on n3 web; tcp on n4 web; 4 more: Active",
    );
  });

  test("is how many ports lie where", () => {
    expect(words(rowsAt([24_001, 24_010]))).toBe("2 ports from 24001 to 24010: Active");
  });
});
