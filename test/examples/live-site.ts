import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSettings } from "../../src/config/load.ts";
import { createNomadCatalog } from "../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../src/simulator/nomad/server.ts";
import type { Printed } from "../cli/commands/check/printed.ts";
import { runHere } from "../cli/in-process.ts";
import { startCatalogs } from "./site.ts";

const EXAMPLES = join(import.meta.dirname, "../../deploy/examples");

/** An example as its operator has it: a folder with its files, and the catalogs that its settings name. */
export interface LiveSite {
  readonly folder: string;
  /** Runs a command line with the site's settings. */
  run(words: readonly string[]): Promise<Printed>;
  close(): Promise<void>;
}

/** Starts the catalogs and the Nomad of an example, and copies its folder with their addresses in the settings. */
export async function openExample(name: string): Promise<LiveSite> {
  const folder = await mkdtemp(join(tmpdir(), `portolan-${name}-`));
  await cp(join(EXAMPLES, name), folder, { recursive: true });
  const path = join(folder, "portolan.yml");
  const servers = await startCatalogs(name, await loadSettings({ settings: path }, {}));
  const nomad = await startNomadServer({ catalog: createNomadCatalog() });
  let next = 0;
  const text = (await readFile(path, "utf8"))
    .replace(/http:\/\/[\d.]+:8500/g, (written) => servers[next++]?.url ?? written)
    .replace(/http:\/\/[\d.]+:4646/g, nomad.url);
  // Nothing listens there: a portolan of this machine is none of the site's.
  await writeFile(path, `${text}listen: 127.0.0.1:1\n`);
  return {
    folder,
    run: (words) => runHere([...words, "--settings", path]),
    async close() {
      await Promise.all([...servers, nomad].map((server) => server.close()));
      await rm(folder, { recursive: true });
    },
  };
}
