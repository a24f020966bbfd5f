import { readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createChartFingerprintFile } from "../../../src/app/stored-state/chart-fingerprint-file.ts";
import { NO_NEIGHBOURS } from "../../../src/core/neighbours/neighbours.ts";
import { NO_OPERATOR_CONFIG } from "../../../src/core/operator-config/operator-config.ts";
import { newConfig, type ResourceKey } from "../../../src/core/traefik/chart/dynamic-config.ts";
import type { DecidedFrom } from "../../../src/daemon/confirmed-chart.ts";
import { settings } from "../../builders/world.ts";
import { createScratch } from "../../output/scratch.ts";

const TEXT = "a chart\n";
const NOW_MS = 1_000_000;
const ROUTER: ResourceKey = "http/routers/web";

const FROM: DecidedFrom = {
  settings: { ...settings(), id: "1" },
  operatorConfig: NO_OPERATOR_CONFIG,
  neighbours: NO_NEIGHBOURS,
  catalogs: [[undefined, "http://127.0.0.1:8500 dc1"]],
};

let scratch: ReturnType<typeof createScratch>;
let path: string;
let kept: string;
let lastGood: string;

beforeEach(() => {
  scratch = createScratch();
  path = join(scratch.dir, "chart-fingerprint.json");
  kept = join(scratch.dir, "chart-state.json");
  lastGood = join(scratch.dir, "last-good.json");
  for (const file of [kept, lastGood]) writeFileSync(file, "state\n");
});

afterEach(() => scratch.remove());

/** As a process of this program opens it. */
function open(program = "build 1", isKnown = true) {
  return createChartFingerprintFile({
    path,
    stateFiles: [kept, lastGood],
    program: async () => (isKnown ? program : undefined),
  });
}

test("a chart is confirmed by the next process where all that it was decided from is as it was", async () => {
  await open().keep(TEXT, FROM, undefined, NOW_MS);
  const same = { ...FROM, settings: { ...settings(), id: "1" } };
  expect(await open().match(TEXT, same, NOW_MS)).toBe(true);
  // Confirming changes nothing: a process that is killed afterwards leaves the next one as much.
  expect(await open().match(TEXT, same, NOW_MS + 1e9)).toBe(true);
});

test("without a fingerprint no chart is confirmed", async () => {
  expect(await open().match(TEXT, FROM, NOW_MS)).toBe(false);
});

describe("a chart is not confirmed", () => {
  test("where it was edited", async () => {
    await open().keep(TEXT, FROM, undefined, NOW_MS);
    expect(await open().match(`${TEXT}#`, FROM, NOW_MS)).toBe(false);
  });

  test.each<[string, Partial<DecidedFrom>]>([
    ["settings", { settings: { ...FROM.settings, id: "2" } }],
    [
      "dynamic ports",
      { settings: { ...FROM.settings, ports: { ...FROM.settings.ports, dynamic: { first: 1, last: 2 } } } },
    ],
    ["node names", { settings: { ...FROM.settings, ports: portsWithNode("one") } }],
    ["definitions of the operator's", { operatorConfig: { ...NO_OPERATOR_CONFIG, config: withRouter() } }],
    ["files of the operator's", { operatorConfig: { ...NO_OPERATOR_CONFIG, origins: new Map([[ROUTER, "a.yml"]]) } }],
    ["files beside the chart", { neighbours: { ...NO_NEIGHBOURS, names: neighbourWith("x.yml") } }],
    ["completeness of the files beside it", { neighbours: { ...NO_NEIGHBOURS, isComplete: true } }],
    ["a catalog", { catalogs: [[undefined, "http://127.0.0.1:8500 dc2"]] }],
    ["names of the catalogs", { catalogs: [["dc1", "http://127.0.0.1:8500 dc1"]] }],
    ["more catalogs", { catalogs: [...FROM.catalogs, ["dc2", "http://127.0.0.1:8501 dc2"]] }],
  ])("by other %s", async (_, other) => {
    await open().keep(TEXT, FROM, undefined, NOW_MS);
    expect(await open().match(TEXT, { ...FROM, ...other }, NOW_MS)).toBe(false);
  });

  test("by another content of one map, of equal size", async () => {
    const of = (node: string) => ({ ...FROM, settings: { ...FROM.settings, ports: portsWithNode(node) } });
    await open().keep(TEXT, of("one"), undefined, NOW_MS);
    expect(await open().match(TEXT, of("two"), NOW_MS)).toBe(false);
    expect(await open().match(TEXT, of("one"), NOW_MS)).toBe(true);
  });

  test("by another build", async () => {
    await open().keep(TEXT, FROM, undefined, NOW_MS);
    expect(await open("build 2").match(TEXT, FROM, NOW_MS)).toBe(false);
  });

  test.each(["chart-state.json", "last-good.json"])("where %s was written, replaced or removed", async (name) => {
    const file = join(scratch.dir, name);
    await open().keep(TEXT, FROM, undefined, NOW_MS);
    // The same bytes, as a copy brings them.
    const bytes = readFileSync(file);
    writeFileSync(file, bytes);
    utimesSync(file, 1, 1);
    expect(await open().match(TEXT, FROM, NOW_MS)).toBe(false);
    rmSync(file);
    expect(await open().match(TEXT, FROM, NOW_MS)).toBe(false);
  });

  test("once time alone would change it", async () => {
    await open().keep(TEXT, FROM, NOW_MS + 100, NOW_MS);
    expect(await open().match(TEXT, FROM, NOW_MS + 99)).toBe(true);
    expect(await open().match(TEXT, FROM, NOW_MS + 100)).toBe(false);
  });

  test("by a clock that was set back", async () => {
    await open().keep(TEXT, FROM, NOW_MS + 100, NOW_MS);
    expect(await open().match(TEXT, FROM, NOW_MS - 1)).toBe(false);
  });

  test.each(["", "{", '{"portolan":"state","format":99,"writtenAtMs":1,"value":{}}'])(
    "by a damaged or foreign fingerprint: %j",
    async (text) => {
      await open().keep(TEXT, FROM, undefined, NOW_MS);
      writeFileSync(path, text);
      expect(await open().match(TEXT, FROM, NOW_MS)).toBe(false);
    },
  );
});

describe("no fingerprint is kept, and an earlier one does not count", () => {
  test("where it is not known which program runs", async () => {
    await open("sources", false).keep(TEXT, FROM, undefined, NOW_MS);
    expect(await open("sources", false).match(TEXT, FROM, NOW_MS)).toBe(false);
  });

  test("where the state is not on the disk", async () => {
    rmSync(kept);
    await open().keep(TEXT, FROM, undefined, NOW_MS);
    expect(await open().match(TEXT, FROM, NOW_MS)).toBe(false);
  });

  test("where settings cannot be told from others", async () => {
    const { id: _, ...nameless } = FROM.settings;
    await open().keep(TEXT, { ...FROM, settings: nameless }, undefined, NOW_MS);
    expect(await open().match(TEXT, { ...FROM, settings: nameless }, NOW_MS)).toBe(false);
  });
});

function withRouter() {
  const config = newConfig();
  config["http/routers"].set("web", {});
  return config;
}

function portsWithNode(name: string) {
  const { ports } = FROM.settings;
  return { ...ports, ledger: { ...ports.ledger, nodeNames: new Map([["id", name]]) } };
}

function neighbourWith(file: string) {
  return new Map([[ROUTER, { file, whose: "operator", isRead: "after" } as const]]);
}
