import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadSettings } from "../../src/config/load.ts";
import { coreSettings } from "../../src/config/resolve/core-settings.ts";
import { nftablesText } from "../../src/core/ports/firewall/nftables-text.ts";
import { nodeFirewall } from "../../src/core/ports/firewall/node-firewall.ts";

/** For each site the nodes whose rulesets are written down in `firewall/`, one of each kind. */
const WRITTEN: Readonly<Record<string, readonly string[]>> = {
  homelab: ["lb-1", "dns-1", "node-1"],
  messenger: ["edge-1", "app-1", "db-1"],
  nodeports: ["node-235"],
  gateway: ["gateway", "db"],
};

describe.each(Object.entries(WRITTEN))("%s", (site, nodes) => {
  test.each(nodes)("the ruleset of %s is the one that is written down", async (node) => {
    const settings = await loadSettings({ settings: `deploy/examples/${site}/portolan.yml` }, {});
    const { ledger, dynamic } = coreSettings(settings).ports;
    const text = nftablesText(nodeFirewall(ledger, dynamic, node));
    const file = join(import.meta.dirname, "firewall", `${site}.${node}.nft`);
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, "utf8"));
  });
});
