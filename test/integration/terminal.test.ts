import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CatalogServer, createCatalog, startCatalogServer } from "../../src/simulator/simulator.ts";
import { runHere } from "../cli/in-process.ts";
import { until } from "../support/await-until.ts";
import { onTerminal } from "../support/on-terminal.ts";
import { type PortolanProcess, startPortolan } from "../support/portolan-process.ts";
import { createSite, type Site } from "./site.ts";

let site: Site;
let server: CatalogServer;
let portolan: PortolanProcess;

const LONG_HOST = "a-shop-with-a-long-name.of.a.department.of.a-company.example.test";
const SLIP = "traefik.http.routers.wiki.ruel=Host(`wiki.test`) && PathPrefix(`/of/the/department`) && Method(`GET`)";

const nameOf = (service: string) => ({
  Node: `${service.slice(0, 20)}-node-1.rack-12.example.test`,
  ServiceID: `_nomad-task-0000644d-aaaa-bbbb-cccc-000000000000-${service}`,
});

/** Services with long names, a slip in a tag, a port of the infrastructure, and so many more that their going is held. */
beforeAll(async () => {
  site = await createSite();
  const catalog = createCatalog();
  const register = (service: string, Port: number, Tags: readonly string[]) =>
    catalog.register({
      Node: nameOf(service).Node,
      Address: "127.0.0.1",
      Service: { ID: nameOf(service).ServiceID, Service: service, Port, Tags },
    });
  const routed = (name: string, host: string) => [
    "traefik.enable=true",
    `traefik.http.routers.${name}.rule=Host(\`${host}\`)`,
  ];
  register("shop", 24_001, routed("shop", LONG_HOST));
  register("a-service-with-a-long-name-as-operators-give-them", 24_002, routed("long", "b.test"));
  register("wiki", 24_003, ["traefik.enable=true", SLIP]);
  register("powerdns", 8_081, routed("dns", "dns.test"));
  for (let at = 0; at < 10; at += 1) register(`s${at}`, 25_000 + at, routed(`s${at}`, `s${at}.test`));
  server = await startCatalogServer({ catalog });
  const files = ["--output", site.chart, "--state-dir", site.stateDir, "--consul-addr", server.url];
  portolan = await startPortolan(files);
  const count = async () => (await (await fetch(`${portolan.url}/v1/routes`)).json()) as { routes: unknown[] };
  await until(async () => (await count()).routes.length === 12, { timeoutMs: 10_000, what: "the routes" });
  register("late", 24_004, routed("late", "late.test"));
  await until(async () => (await count()).routes.length === 13, { timeoutMs: 10_000, what: "the second version" });
  for (let at = 0; at < 10; at += 1) catalog.deregister(nameOf(`s${at}`));
  const held = async () => (await (await fetch(`${portolan.url}/v1/holds`)).json()) as { holds: unknown[] };
  await until(async () => (await held()).holds.length > 0, { timeoutMs: 10_000, what: "the hold" });
});
afterAll(async () => {
  await portolan.stop();
  await server.close();
  await site.remove();
});

/** What a command prints where standard output is a terminal of so many columns. */
async function printedOn(columns: number, words: string, environment: Environment): Promise<string> {
  const asked = words === "ports" ? ["--consul-addr", server.url] : ["--listen", new URL(portolan.url).host];
  const { stdout } = await onTerminal(columns, environment, () => runHere([...words.split(" "), ...asked]));
  return stdout;
}

const COMMANDS = [
  "status",
  "routes",
  "explain wiki",
  "explain shop",
  "diagnostics",
  "ports",
  "holds",
  "history",
  "history 2",
];
type Environment = Parameters<typeof onTerminal>[1];

const COLOURED = { TERM: "xterm-256color", NO_COLOR: undefined };
const PLAIN = { TERM: "xterm-256color", NO_COLOR: "1" };
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const SEQUENCE = /\u001b\[[0-9;]*m/g;
const ESCAPE = "\u001b";

describe.each([80, 200])("on a terminal of %i columns", (columns) => {
  test.each(COMMANDS)(
    "portolan %s is no wider, but for single words that are copied, and with colours the same text",
    async (words) => {
      const [coloured, plain] = [await printedOn(columns, words, COLOURED), await printedOn(columns, words, PLAIN)];
      expect(plain).not.toBe("");
      expect(plain).not.toContain(ESCAPE);
      expect(coloured.replace(SEQUENCE, "")).not.toContain(ESCAPE);
      expect(settled(coloured.replace(SEQUENCE, ""))).toBe(settled(plain));
      const lines = plain.split("\n");
      expect(lines.filter((line) => line.length > columns && isBreakable(line))).toEqual([]);
    },
  );
});

/** Ages go on between two answers. */
const settled = (text: string) => text.replaceAll(/\d+ ?s\b/g, "N s");

/** Could a line end earlier without breaking a tag, a line of the settings or a name, which are copied? */
function isBreakable(line: string): boolean {
  if (/^\s*(?:tag )?traefik\./.test(line)) return false;
  let words = line.trim().replace(/`[^`]*`/g, "x");
  for (let before = ""; words !== before; words = words.replace(/\{[^{}[\]]*\}|\[[^{}[\]]*\]/g, "x")) before = words;
  // A label and one word, or one word.
  return words.split(/\s+/).length > 2;
}

test.each([
  ["routes", LONG_HOST],
  ["explain wiki", SLIP.replace(/=.*/, "=")],
  ["diagnostics", SLIP.replace(/=.*/, "=")],
  ["diagnostics", '{ exceptions: [{ service: "powerdns", ports: "8081", purpose: "…" }] }'],
  ["holds", "s9"],
  ["status", "/state"],
])("what is copied from portolan %s is whole on 80 columns: %s", async (words, copied) => {
  expect(await printedOn(80, words, PLAIN)).toContain(copied);
});

test.each([
  ["NO_COLOR is set", PLAIN],
  ["the terminal is a dumb one", { TERM: "dumb", NO_COLOR: undefined }],
])("there is no escape sequence where %s", async (_, environment) => {
  expect(await printedOn(80, "status", environment)).not.toContain(ESCAPE);
  expect(await printedOn(80, "status", COLOURED)).toContain(ESCAPE);
});
