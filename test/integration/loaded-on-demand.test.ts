import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const MAIN = join(import.meta.dirname, "../../dist/main.js");

/** Prints the address of every file that is loaded, as a module or by `require`, when the process ends. */
const WITNESS = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  const loaded = new Set();
  registerHooks({ load(url, context, next) { loaded.add(url); return next(url, context); } });
  process.on("exit", () => process.stderr.write([...loaded].map((url) => "loaded " + url + "\\n").join("")));
`)}`;

/** The packages that a command has loaded, and those folders of ours that ask catalogs. */
function loadedBy(args: readonly string[]): ReadonlySet<string> {
  const { stderr, status } = spawnSync(process.execPath, ["--import", WITNESS, MAIN, ...args], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"] },
  });
  expect(status, stderr).toBeLessThan(70);
  const urls = stderr.split("\n").filter((line) => line.startsWith("loaded "));
  expect(urls.length).toBeGreaterThan(50);
  return new Set(urls.flatMap((url) => /\/(?:node_modules|dist)\/(?:sources\/)?([^/]+)\//.exec(url)?.[1] ?? []));
}

const OF_CATALOGS = ["axios", "consul", "papi", "follow-redirects", "form-data", "http", "nomad"];

test.each([
  ["version", ["version"]],
  ["check tags", ["check", "tags", "traefik.enable=true"]],
  ["the help", ["--help"]],
])("%s asks no catalog, and loads no client of one", (_what, args) => {
  const loaded = loadedBy(args);
  expect(loaded).toContain("zod");
  expect(OF_CATALOGS.filter((name) => loaded.has(name))).toEqual([]);
});

test.each([
  ["Consul", ["--consul-addr", "http://127.0.0.1:1"], ["axios", "consul", "papi", "http"], ["nomad"]],
  ["Nomad", ["--nomad-addr", "http://127.0.0.1:1"], ["axios", "nomad", "http"], ["consul", "papi"]],
])("a command that asks %s loads its client alone", (_what, address, expected, others) => {
  const loaded = loadedBy(["ports", ...address]);
  expect(expected.filter((name) => !loaded.has(name))).toEqual([]);
  expect(others.filter((name) => loaded.has(name))).toEqual([]);
});
