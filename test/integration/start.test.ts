import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { until } from "../support/await-until.ts";
import { freePorts } from "../support/free-port.ts";
import { runPortolan, startPortolan } from "../support/portolan-process.ts";

const MAIN = join(import.meta.dirname, "../../dist/main.js");
const NOWHERE = "http://127.0.0.1:1";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "portolan-start-"));
  await chmod(folder, 0o755);
});
afterEach(() => rm(folder, { recursive: true }));

async function settingsFile(content: Readonly<Record<string, unknown>>): Promise<string> {
  const path = join(folder, "settings.yml");
  const needed = { output: { file: "dynamic/portolan.yml" }, stateDir: "state", listen: "127.0.0.1:0" };
  await mkdir(join(folder, "dynamic"), { recursive: true });
  await writeFile(path, JSON.stringify({ ...needed, consul: { address: NOWHERE }, ...content }));
  return path;
}

/** A pipe that is full and that nobody reads. */
function blockedPipe(): { readonly ours: number; readonly theirs: number } {
  const path = join(folder, "blocked");
  execFileSync("mkfifo", [path]);
  const ours = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  for (const size of [4_096, 1]) {
    const part = Buffer.alloc(size);
    try {
      for (;;) writeSync(ours, part);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
    }
  }
  return { ours, theirs: openSync(path, constants.O_WRONLY) };
}

describe("what run says before it begins", () => {
  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    [
      "a chart in /proc",
      { output: { file: "/proc/self/portolan.yml" } },
      "where no file can be kept; name one in a directory of a disk",
    ],
    [
      "an authority that is not there",
      { consul: { address: "https://127.0.0.1:1", tls: { caFile: "gone.pem" } } },
      "consul.tls.caFile: cannot read FOLDER/gone.pem (ENOENT); name a readable PEM file",
    ],
    [
      "an authority that is no certificate",
      { consul: { address: "https://127.0.0.1:1", tls: { caFile: "settings.yml" } } },
      "consul.tls.caFile: FOLDER/settings.yml holds something else than certificates from their BEGIN to their END; name a PEM file",
    ],
    [
      "a duration without a unit",
      { routes: { zeroInstanceGrace: 60 } },
      'routes.zeroInstanceGrace: found 60; a duration with its unit is allowed: "60s" for 60 seconds',
    ],
    [
      "a mode that is a decimal number",
      { output: { file: "dynamic/portolan.yml", mode: 640 } },
      'output.mode: found 640; an octal file mode in quotes is allowed: "0640"',
    ],
    [
      "control characters",
      { "a\u001b[31mb": 1, output: { file: "dynamic/p\u0007.yml", mode: "\u0007" } },
      "a\\u001b[31mb: not a setting",
    ],
  ])("%s, in one line for each problem, and exit code 78", async (_, content, line) => {
    const { code, stderr } = await runPortolan(["run", "--settings", await settingsFile(content)]);
    expect(stderr.replaceAll(folder, "FOLDER")).toContain(line);
    expect([...stderr].filter((char) => char < " " && char !== "\n")).toEqual([]);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(78);
  });

  test("a listen address that is taken: exit code 69, after which a supervisor starts it again", async () => {
    const other = createServer();
    const [port = 0] = await freePorts(1);
    other.listen(port, "127.0.0.1");
    await once(other, "listening");
    const { code, stderr } = await runPortolan([
      "run",
      "--settings",
      await settingsFile({ listen: `127.0.0.1:${port}` }),
    ]);
    other.close();
    expect(stderr).toContain(`cannot listen on 127.0.0.1:${port} (EADDRINUSE)`);
    expect(code).toBe(69);
  });
});

test("a settings file that PORTOLAN_SETTINGS names counts, also for the relative paths in it; the log says so", async () => {
  const settings = await settingsFile({});
  const portolan = await startPortolan([], { PORTOLAN_SETTINGS: settings });
  const [started] = portolan.events().filter(({ event }) => event === "daemon.started");
  expect(await portolan.stop()).toBe(0);
  expect(started).toMatchObject({
    msg: expect.stringContaining(`settings from ${settings} (PORTOLAN_SETTINGS)`),
    settings,
    output: join(folder, "dynamic/portolan.yml"),
    stateDir: join(folder, "state"),
  });
});

describe("a signal ends the process", () => {
  test.each([
    ["run", 0],
    ["once", 69],
  ])("%s, although nobody reads its log", async (command, expected) => {
    const { ours, theirs } = blockedPipe();
    const silent = createHttpServer();
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const asked = once(silent, "request");
    const args = [MAIN, command, "--settings", await settingsFile({}), "--consul-addr", address];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", theirs] });
    closeSync(theirs);
    const ended = once(child, "close");
    // The log cannot tell that it has begun.
    await asked;
    child.kill("SIGTERM");
    await ended;
    closeSync(ours);
    silent.closeAllConnections();
    silent.close();
    expect([child.exitCode, child.signalCode]).toEqual([expected, null]);
  });

  test("once says that it was ended, not that it waited for long", async () => {
    const child = spawn(process.execPath, [MAIN, "once", "--settings", await settingsFile({})], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let log = "";
    child.stderr.on("data", (part: Buffer) => {
      log += part.toString();
    });
    const ended = once(child, "close");
    await until(() => log.includes("source.failing"), { timeoutMs: 20_000, what: "the catalog to be asked" });
    child.kill("SIGTERM");
    await ended;
    expect(log).toContain("the catalog could not be read before a signal ended it: ");
    expect(child.exitCode).toBe(69);
  });
});
