import { describe, expect, test } from "vitest";
import type { PortTableRow } from "../../../src/api/resources/ports.ts";
import { nextEntry, nextFreeWords } from "../../../src/page/ports/next-entry.ts";
import { filterEntries, filterGroups, filterPorts, portsInFilter } from "../../../src/page/ports/port-filter.ts";
import { portRows } from "../../../src/page/ports/port-row.ts";
import { entryAnswer, groupAnswer, portAnswer } from "./port-answers.ts";

describe("who has a port", () => {
  const cases: readonly [string, Partial<PortTableRow>, string][] = [
    ["is its holder", { holders: ["wiki"] }, "wiki"],
    ["are all of them", { holders: ["a", "b"] }, "a, b"],
    [
      "is its owner where none holds it",
      { holders: [], registrations: 0, declaredFor: ["nats"], status: "Reserved" },
      "nats",
    ],
    [
      "is told with the owner who is not there",
      { declaredFor: ["minio"], status: "Squatted" },
      "web (declared for minio)",
    ],
    [
      "is the owner alone where a pattern fits it",
      { holders: ["tikv-0"], declaredFor: ["tikv-*"], status: "Active" },
      "tikv-0",
    ],
    [
      "is what a snippet sends there",
      { holders: [], statics: ["http/services/nas"], status: "Static" },
      "http/services/nas",
    ],
    [
      "are ten, and a number",
      { holders: [..."abcdefghij"], registrations: 12, instances: [] },
      "a, b, c, d, e, f, g, h, i, j, and others",
    ],
  ];
  test.each(cases)("%s", (_, overrides, expected) => {
    expect(portRows([portAnswer(9_000, overrides)], [])[0]?.owner).toBe(expected);
  });

  test("a protocol that is a guess has a question mark, and every other node an asterisk", () => {
    const [row] = portRows([portAnswer(9_000, { isGuess: true, node: null })], []);
    expect([row?.protocol, row?.node]).toEqual(["tcp?", "*"]);
  });

  test("the purpose is the ledger's, each once", () => {
    const entries = [entryAnswer(), entryAnswer({ origin: "b" }), entryAnswer({ origin: "c", purpose: "API" })];
    const [row] = portRows([portAnswer(53, { entries: ["ledger.yml: ports.0", "b", "c", "gone"] })], entries);
    expect([row?.purpose, row?.exposures]).toEqual(["DNS; API", ["internal", "internal", "internal"]]);
  });
});

describe("a filter of ports", () => {
  const rows = portRows(
    [
      portAnswer(53, { node: "dns-1", protocol: "udp", class: "system", status: "Active", holders: ["powerdns"] }),
      portAnswer(8_081, {
        node: "dns-1",
        class: "infrastructure",
        status: "Squatted",
        declaredFor: ["powerdns-api"],
      }),
      portAnswer(20_160, {
        last: 20_169,
        node: null,
        status: "Reserved",
        holders: [],
        declaredFor: ["tikv"],
      }),
    ],
    [],
  );
  test.each([
    ["port:53", ["53"]],
    ["port:8000-20160", ["8081", "20160-20169"]],
    ["port:20165", ["20160-20169"]],
    ["port:x", []],
    ["8081", ["8081"]],
    ["powerdns", ["53", "8081"]],
    ["owner:powerdns-api", ["8081"]],
    ["status:active", ["53"]],
    ["class:system -protocol:tcp", ["53"]],
    ["node:dns-1 status:squatted", ["8081"]],
  ])("%j lets %j through", (text, expected) => {
    expect(rows.filter(filterPorts(text) ?? (() => true)).map(({ ports }) => ports)).toEqual(expected);
  });

  test("narrows entries and groups by the same words", () => {
    const entries = [
      entryAnswer(),
      entryAnswer({ ports: "9000", first: 9_000, last: 9_000, owner: "minio", nodes: null }),
    ];
    expect(entries.filter(filterEntries("node:dns-1") ?? (() => true)).map(({ owner }) => owner)).toEqual(["powerdns"]);
    expect(entries.filter(filterEntries("port:9000 every") ?? (() => true)).map(({ owner }) => owner)).toEqual([
      "minio",
    ]);
    expect([groupAnswer()].filter(filterGroups("port:30850") ?? (() => true))).toHaveLength(1);
    expect([groupAnswer()].filter(filterGroups("port:31000") ?? (() => true))).toHaveLength(0);
  });

  test.each([
    ["port:8000-8099", { first: 8_000, last: 8_099 }],
    ["wiki port:8000-8099", { first: 8_000, last: 8_099 }],
    ["port:8081", undefined],
    ["-port:8000-8099", undefined],
    ["port:1-2 port:3-4", undefined],
    ["port:9-1", undefined],
    ["port:1-99999", undefined],
  ])("%j shows %j alone in the picture", (text, expected) => {
    expect(portsInFilter(text)).toEqual(expected);
  });
});

test.each([
  [{}, "30820", '- { ports: 30820, owner: OWNER, exposure: internal, purpose: "…" }'],
  [
    { isCrowded: true, nextFree: 30_801 },
    "30801 (nearer than 10 to another)",
    '- { ports: 30801, owner: OWNER, exposure: internal, purpose: "…" }',
  ],
  [{ nextFree: null }, "none: the group is full", undefined],
])("a group %j has the next free port %j", (overrides, words, entry) => {
  expect([nextFreeWords(groupAnswer(overrides)), nextEntry(groupAnswer(overrides))]).toEqual([words, entry]);
});
