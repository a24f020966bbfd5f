import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { until } from "../support/await-until.ts";

const MAIN = join(import.meta.dirname, "../../dist/main.js");

describe("portolan demo", () => {
  let folder: string;
  let demo: ChildProcess;
  let said = "";

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "portolan-demo-"));
    said = "";
    // An empty PATH: the demo must work where there is no Traefik.
    demo = spawn(process.execPath, [MAIN, "demo"], { cwd: folder, env: {}, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [demo.stdout, demo.stderr]) stream?.on("data", (part: Buffer) => (said += part.toString()));
  });
  afterEach(async () => {
    demo.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  test("charts the homelab, refuses what it must, shows a deploy, and ends cleanly on Ctrl-C", async () => {
    const says = (text: string) =>
      until(() => said.includes(text), { timeoutMs: 15_000, what: `the demo to say ${text}` });
    await says("route windmill came: Host(`windmill.lab.local`) → +http://127.0.0.1:24563");
    await says("PORT_OUTSIDE_WINDOW powerdns-api");
    await says("TAG_UNKNOWN_KEY wiki");
    await says("+h2c://127.0.0.1:26788");
    await says("route windmill gained a server");
    expect(said).not.toContain("27899");
    expect(said).toContain("traefik --configfile=");

    const chart = await readFile(join(folder, "portolan-demo/dynamic/portolan.yml"), "utf8");
    expect(chart).toContain('"windmill"');
    expect(chart).not.toContain("8081");

    const ended = once(demo, "exit");
    demo.kill("SIGINT");
    expect(await ended).toEqual([0, null]);
    await access(join(folder, "portolan-demo/dynamic/portolan.yml"));
  });
});
