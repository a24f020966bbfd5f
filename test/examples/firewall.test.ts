import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { nftablesText } from "../../src/core/ports/firewall/nftables-text.ts";
import { nodeFirewall } from "../../src/core/ports/firewall/node-firewall.ts";
import { nftablesJudge } from "../builders/nftables-judge.ts";
import { playExample } from "./site.ts";

/** For each site the nodes whose rulesets are written down in `firewall/`, one of each kind. */
const WRITTEN: Readonly<Record<string, readonly string[]>> = {
  homelab: ["lb-1", "dns-1", "node-1"],
  messenger: ["edge-1", "app-1", "db-1"],
  nodeports: ["node-235"],
  gateway: ["gateway", "db"],
};

/** From which nodes the messenger's stores are reached, as its catalog stands. */
const STORES: Readonly<Record<number, readonly string[]>> = {
  4222: ["app-1"],
  2379: ["app-1"],
  9042: ["app-1"],
  // The placement driver, a client as well, is registered nowhere.
  20160: ["app-1", "db-1"],
  // Between the stores themselves.
  2380: ["edge-1", "app-1", "app-2", "db-1", "dns-1"],
};

describe.each(Object.entries(WRITTEN))("%s", async (site, nodes) => {
  const { firewall } = await playExample(site);

  test.each(nodes)("the ruleset of %s is the one that is written down", (node) => {
    const text = nftablesText(nodeFirewall(firewall, node));
    const file = join(import.meta.dirname, "firewall", `${site}.${node}.nft`);
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, "utf8"));
  });
});

test("the messenger's stores are open to their clients alone, whoever else is in its network", async () => {
  const { survey, firewall } = await playExample("messenger");
  const judge = nftablesJudge(nftablesText(nodeFirewall(firewall, "db-1")));
  const from = (port: number) =>
    [...survey.ledger.nodes].filter(([, address]) => judge({ protocol: "tcp", port, from: address }) === "accept");
  for (const [port, clients] of Object.entries(STORES))
    expect(from(Number(port)).map(([node]) => node)).toEqual(clients);
});
