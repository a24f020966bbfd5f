import { join } from "node:path";
import { ledgerMarkdown } from "../src/cli/commands/ports/ledger-document.ts";
import { loadSettings } from "../src/config/load.ts";

const SITES = ["homelab", "messenger", "nodeports", "gateway"];

/** The document of ports of each example site, by its file name beside `docs`: what `portolan ledger --format markdown` prints. */
export async function exampleDocuments(): Promise<readonly (readonly [string, string])[]> {
  return Promise.all(
    SITES.map(async (site) => {
      const settings = await loadSettings(
        { settings: join(import.meta.dirname, "../deploy/examples", site, "portolan.yml") },
        {},
      );
      return [`../deploy/examples/${site}/PORTS.md`, ledgerMarkdown(settings)] as const;
    }),
  );
}
