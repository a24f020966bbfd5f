import { expect, test } from "vitest";
import { scopeAt, scopeOfEntry } from "../../../src/core/ports/ledger/scope.ts";
import { ledger } from "../../builders/ledger.ts";

const DYNAMIC = { first: 20_000, last: 32_000 };
const ENTRY = { ports: 30_810, owner: "api", exposure: "public", purpose: "x" };
const CORE = { name: "core", ports: "30800-30899", purpose: "x" };

test.each<[string, object, object, object | undefined]>([
  ["node", {}, {}, undefined],
  ["cluster", { scope: "cluster" }, {}, undefined],
  ["node", { scope: "cluster" }, { scope: "node" }, undefined],
  ["cluster", {}, {}, { ...CORE, scope: "cluster" }],
  ["node", { scope: "cluster" }, {}, { ...CORE, scope: "node" }],
  ["cluster", { scope: "cluster" }, {}, CORE],
  ["node", {}, { scope: "node" }, { ...CORE, scope: "cluster" }],
  ["cluster", {}, { scope: "cluster" }, { ...CORE, scope: "node" }],
  // The group around a part of the entry is not around the entry.
  ["node", {}, { ports: "30890-30910" }, { ...CORE, scope: "cluster" }],
])("%s, by ledger %j, entry %j and group %j", (scope, whole, entry, group) => {
  const found = ledger({ ...whole, groups: group === undefined ? [] : [group], ports: [{ ...ENTRY, ...entry }] });
  expect(found.entries.map((one) => scopeOfEntry(one, found))).toEqual([scope]);
});

test("a port without an entry has its group's scope, or the ledger's within its range, but what the scheduler picks is the node's", () => {
  const found = ledger({
    scope: "cluster",
    range: "1-32767",
    groups: [
      { ...CORE, scope: "cluster" },
      { name: "each", ports: "9100-9199", scope: "node", purpose: "x" },
    ],
  });
  const scopes = [8080, 9100, 25_000, 30_805, 32_700, 40_000].map((port) =>
    scopeAt({ port, protocol: "tcp" }, found, DYNAMIC),
  );
  expect(scopes).toEqual(["cluster", "node", "node", "cluster", "cluster", "node"]);
});

test("of several entries of one port the widest scope counts, by each protocol for itself", () => {
  const found = ledger({
    ports: [ENTRY, { ...ENTRY, scope: "cluster", protocol: "udp" }, { ...ENTRY, ports: 9, protocol: "both" }],
  });
  const at = (port: number, protocol: "tcp" | "udp") => scopeAt({ port, protocol }, found, DYNAMIC);
  expect([at(30_810, "tcp"), at(30_810, "udp"), at(9, "udp")]).toEqual(["node", "cluster", "node"]);
});
