import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type PortolanProcess, startPortolan } from "../../support/portolan-process.ts";
import type { Circumstances } from "../weather/climates.ts";
import { type Eyewitness, startEyewitness } from "./eyewitness.ts";

/** Where one portolan after the other lives; the chart and the state outlive each of them. */
export interface Home {
  readonly chart: string;
  chartText(): Promise<string>;
  readonly eyewitness: Eyewitness;
  /** Starts the next one on the catalog at the URL. */
  enter(url: string, circumstances: Circumstances): Promise<PortolanProcess>;
  leave(): Promise<void>;
}

const COLLECT_GARBAGE = pathToFileURL(join(import.meta.dirname, "collect-garbage.ts")).href;

/** The first is how portolan is started wherever it is deployed; without it, resident memory grows with V8's comfort. */
const NODE_OPTIONS = `--max-semi-space-size=4 --import ${COLLECT_GARBAGE}`;

export async function createHome(): Promise<Home> {
  const root = await mkdtemp(join(tmpdir(), "portolan-soak-"));
  const chart = join(root, "dynamic", "portolan.yml");
  await mkdir(join(root, "dynamic"));
  const eyewitness = startEyewitness(chart);
  return {
    chart,
    chartText: () => readFile(chart, "utf8"),
    eyewitness,
    async enter(url, { wait, connectionBudget }) {
      const settings = join(root, "settings.yml");
      await writeFile(settings, JSON.stringify({ compat: "traefik", consul: { wait, connectionBudget } }));
      const args = [
        "--settings",
        settings,
        "--consul-addr",
        url,
        "--output",
        chart,
        "--state-dir",
        join(root, "state"),
      ];
      return await startPortolan(args, { NODE_OPTIONS });
    },
    async leave() {
      eyewitness.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}
