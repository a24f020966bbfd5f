import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as homelab from "../../src/demo/homelab.ts";
import { type Catalog, createCatalog, startCatalogServer } from "../../src/simulator/simulator.ts";
import { startChromium } from "../../test/browser/support/chromium.ts";
import { connection } from "../../test/browser/support/find.ts";
import { until } from "../../test/support/await-until.ts";
import { startPortolan } from "../../test/support/portolan-process.ts";
import { terminalSvg } from "./terminal-svg.ts";

/*
 * Makes the pictures of the docs: what the built program really prints on a terminal and shows in Chromium, of the demo's
 * homelab after a few scenes of the demo. npm run pictures
 */

/** The pictures show its name, which is the same each time. */
const FOLDER = join(tmpdir(), "portolan-pictures");
const CHART = join(FOLDER, "dynamic/portolan.yml");
const MAIN = join(import.meta.dirname, "../../dist/main.js");
const WIDTH = 1_280;
const HEIGHT = 520;
const MINUTES_LATER = 12.5;

/** What a command prints on a terminal of 80 columns, with its colours. */
async function printedOnTerminal(words: string): Promise<string> {
  // Its exit code tells whether the service is routed.
  const command = `stty cols 80; ${process.execPath} ${MAIN} ${words} 2>/dev/null; true`;
  const { NO_COLOR: _, ...environment } = process.env;
  const { stdout } = await promisify(execFile)("script", ["-qec", command, "/dev/null"], {
    env: { ...environment, TERM: "xterm-256color" },
  });
  return stdout.replaceAll("\r", "");
}

/** Scenes of the demo: a deploy to another node, and a service that is ill. */
function play(catalog: Catalog): void {
  homelab.register(catalog, homelab.WINDMILL_NEXT);
  homelab.deregister(catalog, homelab.WINDMILL);
  homelab.setStatus(catalog, homelab.WEATHER, "critical");
}

async function terminalPicture(listen: string, catalogUrl: string): Promise<string> {
  const words = "explain wiki";
  const printed = await printedOnTerminal(`${words} --listen ${listen}`);
  // Where Consul usually is, and some age of its answer, so that the picture is the same each time.
  const text = printed
    .replaceAll(catalogUrl, "http://127.0.0.1:8500")
    .replaceAll(/answered \d+ s ago/g, "answered 1 s ago");
  return terminalSvg(`portolan ${words}`, `\u001b[2m$\u001b[22m \u001b[1mportolan ${words}\u001b[22m\n${text}`);
}

/** The page as it is some minutes after this moment, so that the ages in it are the same each time. */
async function pagePicture(url: string, atMs: number): Promise<Buffer> {
  const browser = await startChromium();
  try {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT }, colorScheme: "light" });
    await page.clock.setFixedTime(atMs + MINUTES_LATER * 60_000);
    await page.goto(`${url}/#/chart`);
    await page.getByText("windmill.lab.local").first().waitFor();
    await connection(page, "live").waitFor();
    return await page.screenshot();
  } finally {
    await browser.close();
  }
}

await rm(FOLDER, { recursive: true, force: true });
await mkdir(join(FOLDER, "dynamic"), { recursive: true });
const catalog = createCatalog();
for (const instance of homelab.HOMELAB) homelab.register(catalog, instance);
const server = await startCatalogServer({ catalog });
const places = ["--consul-addr", server.url, "--output", CHART, "--state-dir", join(FOLDER, "state")];
const startedMs = Date.now();
const portolan = await startPortolan(places);
try {
  const state = async (name: string) => {
    const answer = (await (await fetch(`${portolan.url}/v1/routes?service=${name}`)).json()) as {
      routes: { state: string; servers: string[] }[];
    };
    return answer.routes[0];
  };
  await until(() => state("windmill"), { timeoutMs: 10_000, what: "the first chart" });
  await writeFile(
    join(import.meta.dirname, "terminal.svg"),
    await terminalPicture(new URL(portolan.url).host, server.url),
  );
  play(catalog);
  await until(async () => (await state("weather"))?.state === "emptied", { timeoutMs: 10_000, what: "the scenes" });
  await writeFile(join(import.meta.dirname, "page.png"), await pagePicture(portolan.url, startedMs));
} finally {
  await portolan.stop();
  await server.close();
  await rm(FOLDER, { recursive: true, force: true });
}
