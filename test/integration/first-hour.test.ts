import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseAddress } from "../../src/page/addresses.ts";
import { printedPattern, type ShownStep, shownSteps } from "../builders/shown-steps.ts";
import { until } from "../support/await-until.ts";
import { freePorts } from "../support/free-port.ts";
import { findTool, type Tool } from "../support/real-binaries.ts";
import { onLoopback } from "../support/real-consul.ts";
import { type ShellSession, startShell } from "../support/shell-session.ts";

const ROOT = join(import.meta.dirname, "../..");
const PAGE = await readFile(join(ROOT, "docs/first-hour.md"), "utf8");
const [WITH_SERVERS = "", WITH_NODE_ALONE = ""] = PAGE.split("## With Node.js alone");

/** They change nothing, so that a reader may type them again where what they show takes a second to come. */
const ASKS = /^(?:export .*|(?:portolan|dist\/main\.js) (?:status|routes|explain .*|rollback)|curl .*|tail .*)$/;

const consulTool = await findTool("consul");
const traefikTool = await findTool("traefik");

let parent: string;
let shell: ShellSession;
/** What the page says, and what stands for it here. */
let here: readonly (readonly [string, string])[];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "portolan-first-hour-"));
});
afterEach(async () => {
  await shell.end();
  await rm(parent, { recursive: true, force: true });
});

const inPlace = (text: string) => here.reduce((so, [shown, own]) => so.replaceAll(shown, own), text);

/** A shell in the clone, with these programs beside Node.js on its PATH. */
async function start(
  programs: readonly (Tool | undefined)[],
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const folders = programs.flatMap((tool) => (tool?.kind === "binary" ? [dirname(tool.path)] : []));
  const PATH = [dirname(process.execPath), ...folders, process.env.PATH].join(":");
  shell = await startShell(ROOT, { PATH, HOME: parent, NO_COLOR: "1", ...more });
}

/** Types one block. What only asks is asked again until it shows what the page promises. */
async function play({ line, commands, printed }: ShownStep): Promise<void> {
  const lines = commands.trimEnd().split("\n");
  const isAsking = lines.every((command) => ASKS.test(command));
  const expected = printed === undefined ? undefined : printedPattern(inPlace(printed));
  let shown = await shell.run(inPlace(commands));
  if (expected === undefined) return;
  if (isAsking) {
    const look = async () => {
      if (!expected.test(shown.printed)) shown = await shell.run(inPlace(commands));
      return expected.test(shown.printed);
    };
    await until(look, { timeoutMs: 20_000, what: `line ${line}`, everyMs: 100 }).catch(() => undefined);
  }
  expect(shown.printed, `docs/first-hour.md, line ${line}: ${commands}`).toMatch(expected);
}

/** A port of the dynamic range on which nothing listens. */
async function freeDynamicPort(): Promise<number> {
  for (let port = 29_100; port < 29_200; port += 1) {
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
  throw new Error("no free port between 29100 and 29199");
}

describe.skipIf(consulTool?.kind !== "binary" || traefikTool?.kind !== "binary")("docs/first-hour.md", () => {
  test("with real Consul and Traefik every block prints what the page says, to the clean-up", async () => {
    const [http = 0, server = 0, lan = 0, wan = 0, web = 0, api = 0, listen = 0] = await freePorts(7);
    here = [
      ["npm ci && npm run build", "true"],
      ["/tmp/first-hour", join(parent, "first-hour")],
      ["consul agent -dev", `consul agent -dev ${onLoopback("node-1", [http, server, lan, wan]).join(" ")}`],
      ["127.0.0.1:8500", `127.0.0.1:${http}`],
      ["127.0.0.1:8000", `127.0.0.1:${web}`],
      ["127.0.0.1:8080", `127.0.0.1:${api}`],
      ["127.0.0.1:9532", `127.0.0.1:${listen}`],
      ["24001", String(await freeDynamicPort())],
    ];
    await start([consulTool, traefikTool], { CONSUL_HTTP_ADDR: `http://127.0.0.1:${http}` });
    const steps = shownSteps(WITH_SERVERS);
    expect(steps.length).toBeGreaterThan(20);
    for (const step of steps) {
      if (step.commands.startsWith("kill ")) {
        // What is behind # is read by the page itself.
        const addresses = PAGE.match(/(?<=<http:\/\/127\.0\.0\.1:9532\/)#[^>]+/g)?.map(parseAddress);
        expect(addresses).toEqual([{ view: "explain", query: { about: "hello" } }]);
        const page = await fetch(`http://127.0.0.1:${listen}/`);
        expect([page.status, page.headers.get("content-type")]).toEqual([200, expect.stringContaining("text/html")]);
      }
      await play(step);
      // A reader needs as long to read on as Consul needs to serve.
      if (step.commands.includes("consul agent")) await until(async () => (await leader(http)) !== '""', SOON);
    }
    expect(await shell.run("jobs -r")).toEqual({ code: 0, printed: "" });
    expect(await readdir(parent)).not.toContain("first-hour");
  });

  test("with Node.js alone the demo has a service that is not routed, and a word about why", async () => {
    here = [
      ["dist/main.js", join(ROOT, "dist/main.js")],
      ["portolan-demo/", join(parent, "portolan-demo/")],
    ];
    await start([]);
    await shell.run(inPlace(`cd ${parent}\ndist/main.js demo >demo.log 2>&1 &`));
    const steps = shownSteps(WITH_NODE_ALONE);
    expect(steps).toHaveLength(1);
    for (const step of steps) await play(step);
    const [, story = ""] = /^```\n(».*?)^```$/ms.exec(WITH_NODE_ALONE) ?? [];
    const told = printedPattern(`…\n${story}…`);
    const log = () => readFile(join(parent, "demo.log"), "utf8");
    await until(async () => told.test(await log()), { timeoutMs: 20_000, what: "the demo's first scenes" });
  });
});

const SOON = { timeoutMs: 20_000, what: "Consul to have a leader" };

async function leader(port: number): Promise<string> {
  return await (await fetch(`http://127.0.0.1:${port}/v1/status/leader`)).text();
}
