import { expect, test } from "vitest";
import { ledgerLines } from "../../../../src/core/ports/inventory/ledger-lines.ts";
import { portTable } from "../../../../src/core/ports/inventory/port-table.ts";
import { surveyPorts } from "../../../../src/core/ports/survey.ts";
import { ledger } from "../../../builders/ledger.ts";
import { instance, settings } from "../../../builders/world.ts";

const NODES = { "node-1": "192.168.7.235", "node-2": "fd00::2" };
const here = instance({ service: "web", port: 30_800 });

function lineOf(entry: Readonly<Record<string, unknown>>, instances = [here]) {
  const core = settings();
  const whole = { ports: 30_800, owner: "web", exposure: "internal", purpose: "x", ...entry };
  const ports = { ...core.ports, ledger: ledger({ nodes: NODES, ports: [whole] }) };
  const [line] = ledgerLines(surveyPorts(instances, { ...core, ports }));
  if (line === undefined) throw new Error("an entry has no line");
  return line;
}

test.each([
  ["active", [here], []],
  ["reserved", [], []],
  ["active", [], ["the ledger says active, and no service is registered there: down, or the ledger is out of date"]],
  ["reserved", [here], ["the ledger says reserved, and its owner is registered: bring the ledger up to date"]],
])("%s is held against the catalog %#", (status, instances, remarks) => {
  expect(lineOf({ status }, instances).remarks).toEqual(remarks);
});

test.each([
  [{ exposure: "public", scheme: "http" }, ["http://192.168.7.235:30800", "http://[fd00::2]:30800"]],
  [{ exposure: "public", nodes: ["node-1"] }, ["192.168.7.235:30800"]],
  [{ exposure: "internal" }, []],
  [{ exposure: "ingress" }, []],
  [{ exposure: "public", ports: "30800-30801" }, []],
])("users reach %j at %j", (entry, urls) => {
  expect(lineOf(entry).accessUrls).toEqual(urls);
});

test("what users reach on every node is a risk, on named nodes a decision", () => {
  expect(lineOf({ exposure: "public" }).remarks).toEqual([expect.stringContaining("open on every node")]);
  expect(lineOf({ exposure: "public", nodes: ["node-1"] }).remarks).toEqual([]);
});

test("the table is looked through once, however many entries there are", () => {
  const core = settings();
  const entries = Array.from({ length: 100 }, (_, at) => ({
    ports: 8000 + at,
    owner: `web-${at}`,
    exposure: "internal",
    purpose: "x",
  }));
  const survey = surveyPorts([], {
    ...core,
    ports: { ...core.ports, ledger: ledger({ nodes: NODES, ports: entries }) },
  });
  let reads = 0;
  for (const row of portTable(survey)) {
    const own = row.entries;
    Object.defineProperty(row, "entries", {
      get() {
        reads += 1;
        return own;
      },
    });
  }
  expect(ledgerLines(survey)).toHaveLength(entries.length);
  // Once to find an entry's rows, and once for those who claim them.
  expect(reads).toBe(2 * portTable(survey).length);
});
