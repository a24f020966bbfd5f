import { afterEach, beforeEach, expect, test } from "vitest";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { until } from "../support/await-until.ts";
import { type PortolanProcess, runPortolan, startPortolan } from "../support/portolan-process.ts";
import { createSite, type Site } from "./site.ts";

/** Clears the screen in two ways, ends a line in four, and turns around what follows; then a forged line of the log. */
const EVIL = '\u001b[2J\u009b2J\n\r\u0085\u2028\u202e{"level":"error","event":"forged","msg":"forged"}';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/;

let site: Site;
let server: CatalogServer;
let portolan: PortolanProcess;

beforeEach(async () => {
  site = await createSite();
  const catalog = createCatalog();
  const register = (ID: string, Tags: readonly string[], Status: string) =>
    catalog.register({
      Node: `node ${EVIL}`,
      Address: "127.0.0.1",
      Service: { ID: `${ID} ${EVIL}`, Service: `${ID} ${EVIL}`, Port: 24_000, Tags },
      Check: { CheckID: `${ID} ${EVIL}`, Name: `check ${EVIL}`, Status, ServiceID: `${ID} ${EVIL}` },
    });
  register("sound", ["traefik.enable=true", `traefik.http.routers.a${EVIL}.rule=Host(\`a.test\`)`], "passing");
  register("broken", ["traefik.enable=true", `traefik.http.routers.b.ru${EVIL}le=x`], "passing");
  register("sick", ["traefik.enable=true", "traefik.http.routers.c.rule=Host(`c.test`)"], "critical");
  server = await startCatalogServer({ catalog });
});
afterEach(async () => {
  portolan.kill("SIGKILL");
  await portolan.ended();
  await server.close();
  await site.remove();
});

test("names in a catalog neither forge a line of the log nor reach the terminal of an operator who looks", async () => {
  const files = ["--output", site.chart, "--state-dir", site.stateDir];
  portolan = await startPortolan(["--consul-addr", server.url, ...files, "--log-level", "debug"]);
  const isTold = (event: string) => () => portolan.events().some((one) => one["event"] === event);
  await until(isTold("route.added"), { timeoutMs: 10_000, what: "the route" });
  await until(isTold("diagnostic.found"), { timeoutMs: 5_000, what: "the diagnostic" });

  const pages = await Promise.all(
    [
      ...["/v1/routes", "/v1/diagnostics", "/v1/status", "/v1/holds", "/v1/history", "/metrics", "/readyz"],
      `/v1/routes?service=${encodeURIComponent(EVIL)}`,
    ].map(async (path) => (await fetch(portolan.url + path)).text()),
  );
  for (const page of pages.slice(0, 2)) expect(JSON.stringify(JSON.parse(page))).toContain("\u202e");
  const once = ["--output", `${site.chart}.yml`, "--state-dir", `${site.stateDir}-once`, "--log-level", "debug"];
  const asked = ["--consul-addr", server.url];
  const running = ["--listen", new URL(portolan.url).host];
  const said = await Promise.all([
    runPortolan(["once", ...asked, ...once, "--log-format", "pretty"]),
    ...["routes", "diagnostics", "status", "holds", "history"].flatMap((command) =>
      [[], ["--json"]].map((flags) => runPortolan([command, ...running, ...flags])),
    ),
    runPortolan(["routes", ...running, "--host", `h ${EVIL}`]),
    runPortolan(["diagnostics", ...running, "--code", `c ${EVIL}`]),
    ...["sound", "broken", "sick"].flatMap((name) =>
      [[], ["--json"]].map((flags) => runPortolan(["explain", `${name} ${EVIL}`, ...running, ...flags])),
    ),
    runPortolan(["explain", `nothing ${EVIL}`, ...running]),
    runPortolan(["ports", ...asked]),
    runPortolan(["ports", "--format", "json", ...asked]),
    runPortolan(["ports", "--format", "markdown", ...asked]),
    runPortolan(["rollback", "--state-dir", site.stateDir]),
    runPortolan(["rollback", `1 ${EVIL}`, "--state-dir", site.stateDir]),
    runPortolan(["check", "tags", "--service", EVIL, "traefik.enable=true", `traefik.http.routers.x${EVIL}.rule=y`]),
  ]);
  await portolan.stop();

  const lines = portolan.log().trimEnd().split("\n");
  expect(lines.filter((line) => !line.startsWith('{"level":"'))).toEqual([]);
  expect(portolan.events().filter(({ event }) => event === "forged")).toEqual([]);
  const everything = [portolan.log(), ...pages, ...said.flatMap(({ stdout, stderr }) => [stdout, stderr])];
  expect(everything.join("")).toContain("\\u001b");
  expect(everything.filter((text) => UNPRINTABLE.test(text))).toEqual([]);
  const forged = everything.flatMap((text) => text.split("\n")).filter((line) => line.startsWith('{"level":"error"'));
  expect(forged).toEqual([]);
});
