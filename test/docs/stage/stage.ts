import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { serve } from "../../../src/app/serve.ts";
import { loadSettings } from "../../../src/config/load.ts";
import { HOMELAB, register } from "../../../src/demo/homelab.ts";
import { createNomadCatalog } from "../../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../../src/simulator/nomad/server.ts";
import { startCatalogServer } from "../../../src/simulator/server.ts";
import { createCatalog } from "../../../src/simulator/state/catalog.ts";
import type { Registration } from "../../../src/simulator/state/registration.ts";
import type { Printed } from "../../cli/commands/check/printed.ts";
import { startRecordedTraefikApi } from "../../fakes/recorded-traefik-api.ts";
import { createRecordingLog } from "../../fakes/recording-log.ts";
import { until } from "../../support/await-until.ts";
import { freePorts } from "../../support/free-port.ts";
import { portolanHere } from "./portolan-here.ts";
import { type Call, openPrograms } from "./programs.ts";
import { ordersWithin, registrationBy, STAND_INS, standIn } from "./stand-ins.ts";

const ROOT = join(import.meta.dirname, "../../..");
const EXAMPLE = join(ROOT, "deploy/examples/homelab");

/** What a block needs beside the stage's own files. */
export interface Props {
  /** Files in the folder where the block is played, by name; with a `portolan.yml` of its own it has a Consul of its own. */
  readonly files?: Readonly<Record<string, string>>;
  /** What programs print that are not there, by name: `nomad`, `kubectl`. */
  readonly prints?: Readonly<Record<string, string>>;
  /** What Consul has. */
  readonly registered?: readonly Registration[];
}

/** What a step came to. */
export interface Played {
  /** What was printed, standard error included, in the page's words for paths and addresses. */
  readonly printed: string;
  /** The exit code of the shell, which ends at the first command that fails. */
  readonly code: number;
  /** Those of portolan's commands, in order. */
  readonly ends: readonly number[];
}

/** A folder in which the steps of one block are played. */
export interface Place {
  /** @param isToFail the shell goes on after a command that fails */
  play(typed: string, isToFail: boolean): Promise<Played>;
  close(): Promise<void>;
}

/** A machine as an operator's: a homelab in Consul, a Nomad, a Traefik's API and a portolan that runs. */
export interface Stage {
  open(props?: Props): Promise<Place>;
  close(): Promise<void>;
}

/** Directories of a machine that the pages name, which lie below the stage's own. */
const MACHINE = /(?<![\w./-])\/(?=(?:etc|opt|run|tmp|var\/lib)\/)/g;
export async function openStage(): Promise<Stage> {
  const root = await mkdtemp(join(tmpdir(), "portolan-stage-"));
  const catalog = createCatalog();
  for (const instance of HOMELAB) register(catalog, instance);
  const consul = await startCatalogServer({ catalog });
  const nomad = await startNomadServer({ catalog: createNomadCatalog() });
  const traefik = await startRecordedTraefikApi();
  const [listen = 0] = await freePorts(1);
  const places: readonly (readonly [string, string])[] = [
    [CONSUL, new URL(consul.url).host],
    ["127.0.0.1:4646", new URL(nomad.url).host],
    ["127.0.0.1:8080", new URL(traefik.url).host],
    ["127.0.0.1:9532", `127.0.0.1:${listen}`],
  ];
  const here = (text: string, consulHere = places[0]?.[1] ?? "") =>
    places.reduce(
      (moved, [written, place]) => moved.replaceAll(written, place),
      text.replaceAll(MACHINE, `${root}/`).replaceAll(CONSUL, consulHere),
    );
  const there = (text: string, consulHere: string) =>
    places.reduce(
      (moved, [written, place]) => moved.replaceAll(place, written),
      text.replaceAll(root, "").replaceAll(consulHere, CONSUL),
    );

  for (const directory of ["etc/traefik/dynamic", "etc/portolan", "run", "tmp", "var/lib"]) {
    await mkdir(join(root, directory), { recursive: true });
  }
  // Where the README lets its reader try it.
  await symlink(join(root, "etc/traefik/dynamic"), join(root, "tmp/dynamic"));
  const settings = join(root, "etc/portolan/portolan.yml");
  await writeFile(settings, here(SETTINGS));
  for (const name of FILES.slice(1)) await cp(join(EXAMPLE, name), join(dirname(settings), name));
  const end = new AbortController();
  const log = createRecordingLog();
  const reload = () => loadSettings({ settings }, {});
  const running = serve(await reload(), log, end.signal, { isConfirmed: false, reload });
  await until(() => log.names.includes("chart.published"), { timeoutMs: 15_000, what: "the first chart" });

  let prints: Readonly<Record<string, string>> = {};
  let ends: number[] = [];
  let catalogHere = catalog;
  async function answer({ program, words, directory, stdin }: Call): Promise<Printed> {
    const orders = program === "portolan" ? words : ordersWithin(words);
    if (orders !== undefined) {
      const printed = await portolanHere(await withInput(orders, directory, stdin), directory);
      ends.push(printed.code);
      return printed;
    }
    if (program === "curl") return await fetched(words.at(-1) ?? "");
    if (program === "consul" && words[0] === "services") catalogHere.register(registrationBy(words));
    return standIn(program, words, directory, prints[program]);
  }
  const programs = await openPrograms(root, ["portolan", "curl", ...STAND_INS], answer);
  await mkdir(join(root, "dist"));
  await symlink(join(programs.folder, "portolan"), join(root, "dist/main.js"));

  let opened = 0;
  return {
    async open({ files = {}, ...props } = {}) {
      opened += 1;
      const directory = join(root, `place-${opened}`);
      await mkdir(directory);
      for (const name of ["deploy", "docs", "nomad-jobs"]) await symlink(join(ROOT, name), join(directory, name));
      await symlink(join(root, "dist"), join(directory, "dist"));
      for (const name of FILES) await cp(join(dirname(settings), name), join(directory, name));
      const isApart = "portolan.yml" in files;
      const own = isApart ? createCatalog() : catalog;
      const server = isApart ? await startCatalogServer({ catalog: own }) : consul;
      const { host } = new URL(server.url);
      for (const [name, text] of Object.entries(files)) {
        const path = name.startsWith("/") ? here(name) : join(directory, name);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, here(text, host));
      }
      for (const one of props.registered ?? []) own.register(one);
      return {
        async play(typed, isToFail) {
          prints = props.prints ?? {};
          catalogHere = own;
          ends = [];
          const { code, stdout } = await shell(isToFail ? "-u" : "-eu", here(typed, host), directory, programs.folder);
          return { code, printed: there(stdout.replaceAll(`${directory}/`, ""), host), ends };
        },
        close: async () => (isApart ? server.close() : undefined),
      };
    },
    async close() {
      end.abort();
      await running;
      await Promise.all([programs, consul, nomad, traefik].map((server) => server.close()));
      await rm(root, { recursive: true, force: true });
    },
  };
}

const CONSUL = "127.0.0.1:8500";
const FILES = ["portolan.yml", "policy.yml", "ledger.yml"];

const SETTINGS = `consul: { address: "http://127.0.0.1:8500" }
traefik: { defaultEntryPoints: [web, websecure], defaultRule: "Host(\`{{ normalize .Name }}.lab.local\`)" }
ports: { ledger: ledger.yml }
output: { file: /etc/traefik/dynamic/portolan.yml }
stateDir: /var/lib/portolan
listen: 127.0.0.1:9532
`;

/** What comes by standard input is a file here: the process of the tests has only one standard input. */
async function withInput(words: readonly string[], directory: string, stdin: string): Promise<readonly string[]> {
  if (!words.includes("-")) return words;
  const file = join(directory, "stdin");
  await writeFile(file, stdin);
  return words.map((word) => (word === "-" ? file : word));
}

/** As curl: 7 where nothing answers. */
async function fetched(url: string): Promise<Printed> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return { code: 0, stdout: await response.text(), stderr: "" };
  } catch {
    return { code: 7, stdout: "", stderr: `curl: nothing answers at ${url}\n` };
  }
}

/** Standard error comes with standard output, in the order in which a terminal would have them. */
function shell(flags: string, script: string, directory: string, programs: string): Promise<Printed> {
  // No other program can be called: a page may have `rm -r`.
  const env = { ...process.env, PATH: programs };
  return new Promise((resolve) => {
    const options = { cwd: directory, env, timeout: 10_000 };
    execFile("/bin/sh", [flags, "-c", `exec 2>&1\n${script}`], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 124), stdout, stderr });
    });
  });
}
