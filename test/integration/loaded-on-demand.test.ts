import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/command-table.ts";

const MAIN = join(import.meta.dirname, "../../dist/main.js");
const POLICY = join(import.meta.dirname, "../../deploy/examples/messenger/policy.yml");

/** Prints the address of every file that is loaded, as a module or by `require`, when the process ends. */
const WITNESS = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  const loaded = new Set();
  registerHooks({ load(url, context, next) { loaded.add(url); return next(url, context); } });
  process.on("exit", () => process.stderr.write([...loaded].map((url) => "loaded " + url + "\\n").join("")));
`)}`;

/** The packages that a command has loaded, and those folders of ours that ask catalogs. Nothing, where it needs none of them. */
function loadedBy(args: readonly string[], exitCode?: number): ReadonlySet<string> {
  const { stderr, status } = spawnSync(process.execPath, ["--import", WITNESS, MAIN, ...args], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"] },
  });
  if (exitCode === undefined) expect(status, stderr).toBeLessThan(70);
  else expect(status, stderr).toBe(exitCode);
  const files = [...stderr.matchAll(/^loaded (file:\S*\/dist\/\S*)$/gm)].map(([, url = ""]) => fileURLToPath(url));
  expect(files.length).toBeGreaterThan(3);
  // Each part of what is built says above its pieces which source they are of.
  const sources = files.flatMap(
    (file) => readFileSync(file, "utf8").match(/^\/\/(?:#region)? ?(?:node_modules|src)\/\S+$/gm) ?? [],
  );
  expect(sources.length).toBeGreaterThan(5);
  return new Set(
    sources.flatMap((one) => /(?:node_modules|src\/sources)\/((?:@[^/]+\/)?[^/]+)\//.exec(one)?.[1] ?? []),
  );
}

const OF_CATALOGS = ["axios", "consul", "papi", "follow-redirects", "form-data", "http", "nomad"];

/** What takes its time to load, and who needs it: a catalog's client, the daemon's log and its metrics, the settings. */
const OF_THE_DAEMON = ["pino", "pino-pretty", "prom-client"];
const OF_SETTINGS = ["zod", "js-yaml", "re2js"];

const WITHOUT_A_PACKAGE: readonly (readonly [what: string, args: readonly string[]])[] = [
  ["version", ["version"]],
  ["the overview", ["--help"]],
  ["an unknown command", ["rnu"]],
  ["completion for bash", ["completion", "bash"]],
  ["completion for zsh", ["completion", "zsh"]],
  ...COMMANDS.map(({ name }) => [`the page of help of ${name}`, [...name.split(" "), "--help"]] as const),
];

test.each(WITHOUT_A_PACKAGE)("%s loads no package at all", (_what, args) => {
  const loaded = loadedBy(args);
  expect([...OF_CATALOGS, ...OF_THE_DAEMON, ...OF_SETTINGS].filter((name) => loaded.has(name))).toEqual([]);
});

test.each([
  ["check tags", ["check", "tags", "traefik.enable=true"], ["js-yaml"]],
  ["check policy", ["check", "policy", POLICY], ["zod"]],
])("%s asks no catalog, and loads neither a client of one nor what the daemon needs", (_what, args, needed) => {
  const loaded = loadedBy(args);
  expect(needed.filter((name) => !loaded.has(name))).toEqual([]);
  expect([...OF_CATALOGS, ...OF_THE_DAEMON].filter((name) => loaded.has(name))).toEqual([]);
});

test.each([
  ["Consul", ["--consul-addr", "http://127.0.0.1:1"], ["axios", "consul", "papi", "http"], ["nomad"]],
  ["Nomad", ["--nomad-addr", "http://127.0.0.1:1"], ["axios", "nomad", "http"], ["consul", "papi"]],
])("a command that asks %s loads its client alone", (_what, address, expected, others) => {
  const loaded = loadedBy(["ports", ...address]);
  expect(expected.filter((name) => !loaded.has(name))).toEqual([]);
  expect([...others, ...OF_THE_DAEMON].filter((name) => loaded.has(name))).toEqual([]);
});

test("a once that finds no settings loads neither a client nor what the daemon needs", () => {
  const loaded = loadedBy(["once", "--settings", "/nonexistent/portolan.yml"], 78);
  expect([...OF_CATALOGS, ...OF_THE_DAEMON].filter((name) => loaded.has(name))).toEqual([]);
});

test("each part is ASCII: V8 keeps any other source in two bytes a character", () => {
  const parts = globSync("**/*.js", { cwd: dirname(MAIN), exclude: ["page/**"] });
  expect(parts.length).toBeGreaterThan(20);
  expect(parts.filter((part) => !/^[\0-\x7f]*$/.test(readFileSync(join(dirname(MAIN), part), "utf8")))).toEqual([]);
});
