import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { styleText } from "node:util";
import { openLog } from "../app/process/logging.ts";
import { stopOnSignals } from "../app/process/stop-signals.ts";
import { serve } from "../app/serve.ts";
import { systemClock } from "../base/clock.ts";
import { AppError, EXIT_CODES } from "../base/errors.ts";
import { systemReason } from "../base/system-code.ts";
import type { Settings } from "../config/files/schema.ts";
import { resolveSettings } from "../config/resolve/resolve.ts";
import { reachContenders } from "../output/lock/contenders.ts";
import { createCatalog, startCatalogServer } from "../simulator/simulator.ts";
import { startBackends } from "./backends.ts";
import { HOMELAB, HOMELAB_BACKENDS, register } from "./homelab.ts";
import { life } from "./life.ts";
import { type DemoTraefik, findTraefik, freePort, startTraefik, traefikConfiguration } from "./traefik.ts";

const FOLDER = "portolan-demo";
/** Where the commands look where they are told nothing. */
const USUAL_LISTEN_PORT = 9_532;
const HOSTS = ["windmill.lab.local", "orders.lab.local", "weather.lab.local", "wiki.lab.local"];

/** Runs the demo: catalog, backends, the daemon, then deploys and failures until a signal ends it. Resolves to the exit code. */
export async function runDemo(flags: Readonly<Record<string, string | undefined>>): Promise<number> {
  const stop = stopOnSignals();
  const folder = resolve(FOLDER);
  const chart = join(folder, "dynamic", "portolan.yml");
  const stateDir = join(folder, "state");
  await cleanFolder(folder, chart, stateDir);

  const catalog = createCatalog();
  const server = await startCatalogServer({ catalog });
  for (const instance of HOMELAB) register(catalog, instance);
  const backends = await startBackends(HOMELAB_BACKENDS);
  const traefikPort = await freePort(8_000);
  const configFile = join(folder, "traefik.yml");
  const apiPort = await freePort(8_080);
  await writeFile(configFile, traefikConfiguration(join(folder, "dynamic"), traefikPort, apiPort));
  const binary = await findTraefik();

  const listenPort = await freePort(USUAL_LISTEN_PORT);
  const listen = `127.0.0.1:${listenPort}`;
  const places = { "consul-addr": server.url, output: chart, "state-dir": stateDir, listen };
  const api = binary === undefined ? {} : { traefik: { api: `http://127.0.0.1:${apiPort}` } };
  const content = { ...DEMO_CONTENT, ...api };
  const settings = demoSettings({ ...flags, ...places }, content);
  const settingsFile = join(folder, "portolan.yml");
  await writeFile(settingsFile, settingsText({ catalogUrl: server.url, chart, stateDir, listen }, content));
  const addresses = { catalogUrl: server.url, listenPort, chart, settingsFile, configFile, traefikPort };
  const program = howTyped(process.env);
  process.stdout.write(introduction({ ...addresses, program, taken: backends.taken }));

  const ending = new AbortController();
  const signal = AbortSignal.any([stop, ending.signal]);
  const reload = () => Promise.resolve(settings);
  // Before portolan, which would find its API away otherwise.
  const traefik = binary === undefined ? undefined : await startTraefik(binary, configFile, traefikPort);
  const serving = serve(settings, openLog(settings.log), signal, { isConfirmed: true, reload });
  try {
    tell(traefik === undefined ? NO_TRAEFIK : `traefik answers at ${traefik.url}`);
    const living = live(life(catalog, server), traefik, signal).catch(async (error: unknown) => {
      // Ctrl-C reaches Traefik as well: a request under way may find it gone before the demo has ended.
      if (!signal.aborted) throw error;
      await serving;
    });
    await Promise.race([living, serving]);
  } finally {
    ending.abort();
    await serving;
    await traefik?.close();
    await backends.close();
    await server.close();
  }
  tell(`that was it; ${FOLDER}/ stays for you to look at`);
  return EXIT_CODES.ok;
}

/**
 * Makes the folder as it is at the beginning. Throws AppError (exit code 73) where another demo runs in it, whose files these
 * are, or where nothing can be written.
 */
export async function cleanFolder(folder: string, chart: string, stateDir: string): Promise<void> {
  try {
    await mkdir(join(folder, "dynamic"), { recursive: true });
    const [other] = (await reachContenders(chart)).map(([, contender]) => contender);
    other?.leave();
    if (other !== undefined) {
      const message = `another demo (${other.name}) runs in ${folder}; end it, or start this one in another directory`;
      throw cannotWrite("E_DEMO_RUNNING", message);
    }
    await rm(stateDir, { recursive: true, force: true });
    await rm(chart, { force: true });
  } catch (error) {
    if (error instanceof AppError) throw error;
    const message = `the demo cannot write ${folder} (${systemReason(error)}); start it in a directory that you may write`;
    throw cannotWrite("E_DEMO_FOLDER", message);
  }
}

function cannotWrite(code: string, message: string): AppError {
  return new AppError(message, { code, retryable: false, exitCode: EXIT_CODES.cannotWrite });
}

const NO_TRAEFIK = [
  "no traefik on the PATH: routes are shown as the file says them, requests are left to you. To see answers, put the program",
  "`traefik` of https://github.com/traefik/traefik/releases (version 3) into a directory of the PATH, and start the demo again",
].join("\n");

/** Shorter times than the defaults, so that a viewer sees a grace end. */
const DEMO_CONTENT = { routes: { zeroInstanceGrace: "1m" } };

function demoSettings(flags: Readonly<Record<string, string | undefined>>, content: object): Settings {
  const resolved = resolveSettings({
    file: { name: "the demo's settings", content },
    environment: {},
    flags: { "log-format": "pretty", ...flags },
  });
  if (resolved.kind === "resolved") return resolved.settings;
  throw new AppError(resolved.errors.join("\n"), {
    code: "E_SETTINGS",
    retryable: false,
    exitCode: EXIT_CODES.badSettings,
  });
}

/** The demo's settings as a file, by which other commands find it. */
function settingsText(
  {
    catalogUrl,
    chart,
    stateDir,
    listen,
  }: Pick<DemoAddresses, "catalogUrl" | "chart"> & { readonly stateDir: string; readonly listen: string },
  content: object,
): string {
  const lines = [
    `consul: { address: ${JSON.stringify(catalogUrl)} }`,
    `output: { file: ${JSON.stringify(chart)} }`,
    `stateDir: ${JSON.stringify(stateDir)}`,
    `listen: ${JSON.stringify(listen)}`,
    ...Object.entries(content).map(([section, fields]) => `${section}: ${JSON.stringify(fields)}`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

interface DemoAddresses {
  readonly catalogUrl: string;
  /** Of portolan's listener on 127.0.0.1. */
  readonly listenPort: number;
  readonly chart: string;
  readonly settingsFile: string;
  readonly configFile: string;
  readonly traefikPort: number;
  /** What is typed before the name of a command. */
  readonly program: string;
  /** Ports of backends that other processes have. */
  readonly taken: readonly number[];
}

/** How other commands are typed where this one was started: in a clone, by `npm run demo`, nothing is on the PATH. */
export function howTyped(environment: Readonly<Record<string, string | undefined>>): string {
  return environment["npm_lifecycle_event"] === "demo" ? "dist/main.js" : "portolan";
}

/** What a user reads first: the page's address before all else, then everything else that can be looked at. */
export function introduction(addresses: DemoAddresses): string {
  const { catalogUrl, listenPort, chart, settingsFile, configFile, traefikPort, program, taken } = addresses;
  const url = `http://127.0.0.1:${listenPort}`;
  const isUsual = listenPort === USUAL_LISTEN_PORT;
  const lines = [
    "portolan demo: a homelab of three nodes, charted for Traefik. Ctrl-C ends it.",
    "",
    `  page      ${url}/  (open it in a browser: it shows what happens here as it happens)`,
    ...(isUsual ? [] : [`            not on ${USUAL_LISTEN_PORT} as usual: another process has that port`]),
    "  commands  in another terminal:",
    `            export PORTOLAN_SETTINGS=${settingsFile}`,
    `            ${["explain wiki", "status", "routes", "plan"].map((words) => `${program} ${words}`).join("; ")}`,
    `  status    ${url}/v1/status  (/healthz /readyz /metrics)`,
    `  catalog   ${catalogUrl} (Consul's HTTP API, embedded)`,
    `  chart     ${chart}`,
    `  traefik   traefik --configfile=${configFile}`,
    `            curl -H 'Host: windmill.lab.local' http://127.0.0.1:${traefikPort}/`,
    ...(taken.length === 0
      ? []
      : ["", `  in use by other processes on this machine, so their routes lead there: ${taken.join(", ")}`]),
    "",
  ];
  return `${lines.join("\n")}\n`;
}

/** Plays the scenes in turn until aborted; with a Traefik, shows after each what a user's request gets. */
async function live(
  scenes: ReturnType<typeof life>,
  traefik: DemoTraefik | undefined,
  signal: AbortSignal,
): Promise<void> {
  await systemClock.sleep(1_500, signal);
  await show(traefik);
  while (!signal.aborted) {
    for (const scene of scenes) {
      if (signal.aborted) return;
      tell(scene.tell);
      await scene.act();
      await systemClock.sleep(scene.lookMs, signal);
      await show(traefik);
    }
  }
}

async function show(traefik: DemoTraefik | undefined): Promise<void> {
  if (traefik === undefined) return;
  const answers = await Promise.all(HOSTS.map(async (host) => ({ host, ...(await traefik.get(host)) })));
  for (const { host, status, text } of answers) process.stdout.write(`    GET ${host} → ${status} ${text}\n`);
}

function tell(text: string): void {
  process.stdout.write(`${styleText("bold", `» ${text}`)}\n`);
}
