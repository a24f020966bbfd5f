import { describe, expect, test } from "vitest";
import type { DiagnosticRow } from "../../../src/api/resources/diagnostics.ts";
import type { HoldRow } from "../../../src/api/resources/holds.ts";
import type { ChartSummary, SourceSummary, StatusAnswer, TraefikSummary } from "../../../src/api/resources/status.ts";
import { type AttentionItem, attentionItems } from "../../../src/page/attention/attention-items.ts";
import { blindSpots } from "../../../src/page/attention/blind-spots.ts";
import { codeGroups, filterDiagnostics, placeOf } from "../../../src/page/attention/diagnostic-groups.ts";
import { itemsFor, readingOf } from "../../../src/page/attention/shown-attention.ts";
import { portRows } from "../../../src/page/ports/port-row.ts";
import { portAnswer } from "../ports/port-answers.ts";

const SINCE = "2026-11-30T12:00:00.000Z";

const TRAEFIK: TraefikSummary = {
  ...{ api: "http://127.0.0.1:8080", error: null, version: "3.6.12", readAt: SINCE, chart: "taken" },
  ...{ entryPoints: [], entryPointAddresses: {}, certResolvers: null, flaws: 0 },
};

const CHART: ChartSummary = {
  ...{
    output: "/etc/traefik/chart.yml",
    generation: 3,
    hash: "abcd",
    publishedAt: SINCE,
    routers: 1,
    services: 1,
    middlewares: 0,
  },
  states: { live: 1, held: 0, emptied: 0, sleeping: 0, disabled: 0, untaken: 0 },
  ...{ holds: [], rollback: null, standbyFor: null, writeError: null, stateError: null, directoryError: null },
  ...{ traefik: TRAEFIK, diagnostics: [] },
};

const SOURCE: SourceSummary = {
  ...{ name: null, source: "Consul at http://127.0.0.1:8500", ageSeconds: 1, services: 3, strategy: "health-states" },
  ...{ strategyReason: "", openRequests: 2, connectionBudget: 8, shortage: null, signs: [], signsInWords: [] },
  ...{ missedChanges: 0, indexResets: 0, answerAgeSeconds: null, consecutiveFailures: 0, failingSeconds: null },
  ...{ failingSince: null, lastError: null, eventStream: null, health: null },
};

const STATUS: StatusAnswer = {
  ...{
    version: "1",
    uptimeSeconds: 9,
    ready: true,
    reasons: [],
    stateDir: "/var/lib/portolan",
    sources: [SOURCE],
    chart: CHART,
  },
  ...{ edges: [], dynamicPorts: { ports: "20000-32000", origin: "" }, ingress: [], serve: null },
};

const HOLD: HoldRow = {
  ...{ chart: "main", catalog: null, kind: "mass-removal", why: "5 of 6 routers would go", since: SINCE, ends: null },
  ...{ isReleasable: true, routers: ["wiki", "blog"] },
};

function items(
  status: Partial<StatusAnswer> = {},
  beside: { readonly holds?: readonly HoldRow[]; readonly ports?: Parameters<typeof portRows>[0] } = {},
): readonly AttentionItem[] {
  return attentionItems({
    status: { ...STATUS, ...status },
    holds: beside.holds ?? [],
    ports: portRows(beside.ports ?? [], []),
  });
}

const ofChart = (chart: Partial<ChartSummary>) => items({ chart: { ...CHART, ...chart } });
const TROUBLE = { code: "E_X", message: "the disk is full" };

describe("what a person must look at", () => {
  test("is nothing where all is well", () => {
    expect(items()).toEqual([]);
  });

  test.each([
    [{ writeError: TROUBLE }, "error", "The chart cannot be written"],
    [{ stateError: TROUBLE }, "error", "The state cannot be stored"],
    [{ directoryError: { file: "x.yml", message: "line 3" } }, "error", "Traefik refuses the chart's directory"],
    [{ traefik: { ...TRAEFIK, chart: "nothing" } }, "error", "Traefik has nothing of the chart"],
    [{ traefik: { ...TRAEFIK, chart: "behind" } }, "error", "Traefik has an earlier chart"],
    [{ traefik: { ...TRAEFIK, error: { ...TROUBLE, since: SINCE } } }, "warning", "Traefik's API cannot be read"],
    [{ standbyFor: "pid 7 on edge-1" }, "warning", "Standing by"],
    [{ rollback: { version: 4, since: SINCE, withheldChanges: 2 } }, "warning", "Rolled back to version 4"],
  ] as const)("is a chart with %j", (chart, severity, title) => {
    expect(ofChart(chart)).toMatchObject([{ severity, title }]);
  });

  test.each([{ traefik: { ...TRAEFIK, chart: "waiting" } }, { traefik: null }] as const)(
    "is no chart with %j",
    (chart) => {
      expect(ofChart(chart)).toEqual([]);
    },
  );

  test("is a rollback and a hold with the command that ends it, and none where no command does", () => {
    const [rollback] = ofChart({ rollback: { version: 4, since: SINCE, withheldChanges: 1 } });
    expect([rollback?.says, rollback?.toCopy]).toEqual([
      ["1 change waits for the release.", "The release ends what is held in every chart, too."],
      [{ what: "the command that ends all holds and rollbacks", text: "portolan release" }],
    ]);
    const commands = (hold: Partial<HoldRow>) =>
      items({}, { holds: [{ ...HOLD, ...hold }] }).flatMap(({ toCopy }) => toCopy.map(({ text }) => text));
    expect(commands({})).toEqual(["portolan release wiki", "portolan release"]);
    expect(commands({ routers: ["it's"] })[0]).toBe(String.raw`portolan release 'it'\''s'`);
    expect(commands({ routers: ["--kept", "b"] })[0]).toBe("portolan release -- --kept");
    expect(commands({ routers: [] })).toEqual(["portolan release"]);
    expect(commands({ isReleasable: false })).toEqual([]);
  });

  test("is a hold with its end, its routers to explain, and how many more there are", () => {
    const routers = Array.from({ length: 100 }, (_, at) => `r${at}`);
    const [item] = items({}, { holds: [{ ...HOLD, routers, catalog: "dc2", ends: SINCE }] });
    expect(item).toMatchObject({ title: "100 routers held: mass-removal (dc2)", ends: SINCE, since: SINCE, more: 88 });
    expect(item?.explains).toHaveLength(12);
  });

  test("is a source that fails, and not one that failed for a moment", () => {
    const failing = { ...SOURCE, lastError: TROUBLE, failingSince: SINCE };
    expect(items({ sources: [{ ...failing, failingSeconds: 2 }] })).toEqual([]);
    expect(items({ sources: [{ ...failing, failingSeconds: 20, name: "dc2" }] })).toMatchObject([
      {
        severity: "warning",
        title: "dc2 does not answer as it should",
        since: SINCE,
        says: expect.arrayContaining(["the disk is full"]),
      },
    ]);
    expect(items({ sources: [{ ...SOURCE, ageSeconds: null }] })).toMatchObject([
      { says: ["It has not been read since the start."] },
    ]);
  });

  test("is a source that is partly blind, and one that is short of connections", () => {
    const signs = { signs: ["filtered"], signsInWords: ["the token may not see everything"] };
    const shortage = { allowed: 3, since: SINCE, limit: "http_max_conns_per_client" };
    expect(items({ sources: [{ ...SOURCE, ...signs, shortage }] }).map(({ title }) => title)).toEqual([
      "Consul at http://127.0.0.1:8500 may not show all it has",
      "Consul at http://127.0.0.1:8500: connections are short",
    ]);
  });

  test("is a port that is contested with both parties, and what is undeclared together", () => {
    const ports = [
      portAnswer(9_000, { status: "Squatted", holders: ["job"], declaredFor: ["minio"] }),
      portAnswer(2_121, { status: "Undeclared" }),
      portAnswer(2_122, { status: "Undeclared" }),
      portAnswer(24_001),
    ];
    expect(items({}, { ports })).toMatchObject([
      {
        severity: "warning",
        title: "Port 9000/tcp is Squatted",
        explains: ["9000"],
        toCopy: [{ text: "portolan ports ask 9000" }],
      },
      { severity: "info", title: "2 ports Undeclared", explains: ["2121", "2122"] },
    ]);
  });

  test("is an undeclared port once, on however many nodes it is held", () => {
    const ports = Array.from({ length: 30 }, (_, at) =>
      portAnswer(2_121, { status: "Undeclared", node: `node-${at}` }),
    );
    expect(items({}, { ports })).toMatchObject([{ explains: ["2121"], more: 0 }]);
  });

  test("is the gravest first, and thousands of ports take no more room than twenty", () => {
    const ports = Array.from({ length: 3_000 }, (_, at) => portAnswer(20_000 + at, { status: "Conflict" }));
    const all = items(
      { ready: false, reasons: ["the catalog is away"], chart: { ...CHART, writeError: TROUBLE } },
      { holds: [HOLD], ports },
    );
    expect(all.slice(0, 3).map(({ title }) => title)).toEqual([
      "Not ready",
      "The chart cannot be written",
      "2 routers held: mass-removal",
    ]);
    expect(all).toHaveLength(24);
    expect(all.at(-1)?.title).toBe("2980 more ports Squatted or in Conflict");
  });

  test("names the chart where there are several", () => {
    const edges = [{ name: "public", chart: { ...CHART, writeError: TROUBLE } }];
    expect(items({ edges }).map(({ title }) => title)).toEqual(["The chart cannot be written (chart public)"]);
  });
});

describe("what is shown", () => {
  const both = items({ ready: false, chart: { ...CHART, standbyFor: "pid 7" } });

  test.each([
    ["", ["Not ready", "Standing by"]],
    ["severity:error", ["Not ready"]],
    ["severity:info", []],
    ["-severity:error", ["Standing by"]],
    ["severity:error wiki", []],
    ["code:X", []],
  ])("by the filter %j are %j", (text, titles) => {
    expect(itemsFor(text, both).map(({ title }) => title)).toEqual(titles);
  });

  test("is all only where all was read, and what was refused is read no longer", () => {
    const read = { answer: {}, error: undefined };
    const refused = { answer: undefined, error: "403" };
    expect(readingOf([read, { ...read, error: "503" }])).toBe("whole");
    expect(readingOf([read, { answer: undefined, error: undefined }, refused])).toBe("reading");
    expect(readingOf([read, refused])).toBe("failed");
  });
});

describe("diagnostics", () => {
  function found(code: string, service: string, overrides: Partial<DiagnosticRow> = {}): DiagnosticRow {
    return {
      ...{ id: "1", chart: "main", code, severity: "error", message: `${code} m`, remedy: "r" },
      subject: { service, instance: `${service}-1`, node: "node-1" },
      ...overrides,
    };
  }

  test("stand by code and owner, errors first, then what concerns most", () => {
    const rows = [
      found("TAG_IGNORED", "a", { severity: "warning" }),
      found("TAG_BAD_VALUE", "b"),
      found("HOST_TAKEN", "b"),
      found("HOST_TAKEN", "a"),
      found("HOST_TAKEN", "a"),
    ];
    const groups = codeGroups(rows, { HOST_TAKEN: "a router asks for a host of another service" });
    expect(
      groups.map(({ code, count, means, owners }) => [
        code,
        count,
        means,
        owners.map(({ owner, rows: of }) => `${owner} ${of.length}`),
      ]),
    ).toEqual([
      ["HOST_TAKEN", 3, "a router asks for a host of another service", ["a 2", "b 1"]],
      ["TAG_BAD_VALUE", 1, "", ["b 1"]],
      ["TAG_IGNORED", 1, "", ["a 1"]],
    ]);
  });

  test("of a catalog with a name bear it, and the operator's name the file", () => {
    const ofCatalog = found("X", "a", {
      subject: { service: "a", instance: "a-1", node: "n", catalog: "dc2", tag: "t=1" },
    });
    const ofFile = found("X", "", { subject: { service: "", instance: "", node: "", origin: "snippets/nas.yml" } });
    const [group] = codeGroups([ofCatalog, ofFile], {});
    expect(group?.owners.map(({ owner, isService }) => [owner, isService])).toEqual([
      ["dc2:a", true],
      ["snippets/nas.yml", false],
    ]);
    expect([placeOf(ofCatalog), placeOf(ofFile)]).toEqual([
      { where: "a-1 on n", tag: "t=1" },
      { where: "", tag: undefined },
    ]);
  });

  test.each([
    ["code:host", ["HOST_TAKEN"]],
    ["severity:warning", ["TAG_IGNORED"]],
    ["service:wiki", ["HOST_TAKEN"]],
    ["node:node-1 -wiki", ["TAG_IGNORED"]],
  ])("%j lets %j through", (text, expected) => {
    const rows = [found("HOST_TAKEN", "wiki"), found("TAG_IGNORED", "blog", { severity: "warning" })];
    expect(rows.filter(filterDiagnostics(text) ?? (() => true)).map(({ code }) => code)).toEqual(expected);
  });
});

describe("what the page cannot show", () => {
  const LEDGER = {
    file: "ledger.yml",
    scope: "node",
    range: null,
    entries: [],
    groups: [],
    undeclared: [],
    reserved: [],
  } as const;
  const WHOLE = {
    ledger: { ...LEDGER, entries: [], groups: [], undeclared: [], reserved: [] },
    surveyedAt: SINCE,
    covers: "everything",
  } as const;

  test("is nothing where all is asked and read", () => {
    expect(
      blindSpots(STATUS, {
        ports: { ...WHOLE, ledger: { ...WHOLE.ledger, entries: [], groups: [], undeclared: [], reserved: [] } },
        errors: [],
      }),
    ).toEqual([]);
  });

  test.each([
    [{ chart: { ...CHART, traefik: null } }, {}, "What Traefik makes of the chart is not known"],
    [
      { edges: [{ name: "public", chart: { ...CHART, traefik: null } }] },
      {},
      "What Traefik makes of chart public is not known",
    ],
    [{ chart: { ...CHART, stateError: TROUBLE } }, {}, "Versions of chart main since the state could not be stored"],
    [{}, { ports: { ...WHOLE, ledger: null } }, "Ports are held against no ledger"],
    [{}, { ports: { ...WHOLE, covers: "watched" } }, "All registrations have not been read since the start"],
    [{}, { errors: [{ list: "holds", error: "E" }] }, "The holds could not be read: E."],
  ])("is said: %j %j", (status, read, expected) => {
    const [said, ...others] = blindSpots(
      { ...STATUS, ...status },
      { ports: WHOLE as never, errors: [], ...(read as object) },
    );
    expect(said).toContain(expected);
    expect(others).toEqual([]);
  });
});
