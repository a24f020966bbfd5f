import { describe, expect, test } from "vitest";
import type { Block } from "../../../../src/core/ports/documents/document.ts";
import type { DocumentPart } from "../../../../src/core/ports/documents/document-parts.ts";
import { ledgerDocument } from "../../../../src/core/ports/documents/ledger-document.ts";
import { dynamicRange } from "../../../../src/core/ports/dynamic-range.ts";
import { ledger } from "../../../builders/ledger.ts";

function blocksOf(content: object, part: DocumentPart): readonly Block[] {
  const document = ledgerDocument(ledger(content), dynamicRange(undefined, []));
  return (document.get(part) ?? []).flatMap(({ blocks }) => blocks);
}

/** The rows of the first table, as text. */
function rowsOf(content: object, part: DocumentPart): readonly (readonly unknown[])[] {
  const table = blocksOf(content, part).find(({ kind }) => kind === "table");
  return table?.kind === "table" ? table.rows.map((row) => row.map((line) => line.join(""))) : [];
}

const API = { ports: 30_800, owner: "api", exposure: "public", status: "reserved", purpose: "API" };
const STORE = { ports: "20160-20169", owner: "tikv", exposure: "never", purpose: "stores" };

describe("the parts of a ledger's document", () => {
  test("entries stand in the order of their ports, whatever the order of the ledger", () => {
    const one = blocksOf({ ports: [API, STORE] }, "quick-reference");
    expect(one).toEqual(blocksOf({ ports: [STORE, API] }, "quick-reference"));
    expect(rowsOf({ ports: [API, STORE] }, "quick-reference").map(([port]) => port)).toEqual(["20160-20169", "30800"]);
  });

  test("what no entry has gets no column", () => {
    const heads = (entry: object) => {
      const [table] = blocksOf({ ports: [entry] }, "quick-reference");
      return table?.kind === "table" ? table.heads : [];
    };
    expect(heads(STORE)).toEqual(["Port", "Protocol", "Service", "Exposure", "Nodes", "Purpose"]);
    expect(heads({ ...API, internalPort: 8080 })).toEqual([
      ...["Port", "Protocol", "Service", "Internal port", "Exposure", "Nodes", "Purpose", "Status"],
    ]);
  });

  test("future allocations are those that the ledger calls reserved", () => {
    expect(rowsOf({ ports: [API, STORE, { ...API, ports: 30_801, status: "active" }] }, "future")).toEqual([
      ["30800", "tcp", "api", "API"],
    ]);
  });

  test("ranges tell what is declared in them and the next free port by the group's spacing", () => {
    const groups = [{ name: "core", ports: "30800-30820", spacing: 10, purpose: "calls" }];
    expect(rowsOf({ groups, ports: [API, STORE] }, "ranges")).toEqual([
      ["20160-20169", "tikv", "stores", "20160-20169", ""],
      ["30800-30820", "core", "calls", "30800", "30810"],
    ]);
    const full = [0, 10, 20].map((more) => ({ ...API, ports: 30_800 + more }));
    expect(rowsOf({ groups, ports: full }, "ranges")[0]?.at(-1)).toBe("30801 (nearer than 10)");
  });

  test("URLs are made for nodes that the ledger knows, and for no others", () => {
    expect(rowsOf({ ports: [{ ...API, nodes: ["node-1"] }] }, "access")).toEqual([]);
    const nodes = { "node-1": "192.168.7.235", "node-2": "2001:db8::1" };
    expect(rowsOf({ nodes, ports: [API, STORE] }, "access")).toEqual([
      ["api", "30800", "192.168.7.235:30800, [2001:db8::1]:30800"],
    ]);
  });

  test("what is open on every node is a risk, what names its nodes is none", () => {
    expect(blocksOf({ ports: [API] }, "risks")).toMatchObject([{}, { lines: [["30800 api: API (public)"]] }]);
    expect(blocksOf({ ports: [{ ...API, nodes: ["node-1"] }] }, "risks")).toEqual([]);
  });

  test("rules are those of the ledger: its range, its groups, and how far a port is one owner's", () => {
    const groups = [{ name: "core", ports: "30800-30899", spacing: 10, scope: "cluster", purpose: "calls" }];
    const rules = JSON.stringify(blocksOf({ range: "30000-32767", groups }, "rules"));
    expect(rules).toContain("Ports lie within 30000-32767.");
    expect(rules).toContain("on two nodes two services may have one port");
    expect(rules).toContain(
      "keeps 30800-30899, its ports at least 10 apart, so that gaps are left; each of them belongs to one service in the whole cluster.",
    );
    expect(JSON.stringify(blocksOf({ scope: "cluster" }, "rules"))).toContain("one service in the whole cluster");
  });

  test("an empty ledger has classes and rules, and nothing else", () => {
    const document = ledgerDocument(ledger({}), dynamicRange(undefined, []));
    expect([...document].flatMap(([part, sections]) => (sections.length === 0 ? [] : [part]))).toEqual([
      "classes",
      "rules",
    ]);
  });
});
