import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runHere } from "../../in-process.ts";

/** No catalog listens there: what answers all the same has asked none. */
const NOWHERE = "http://127.0.0.1:1";

const LEDGER = `
nodes: { node-1: 192.168.7.235, node-2: 192.168.7.236 }
ports:
  - { ports: 30800, owner: api, namespace: core, exposure: public, scheme: http, status: reserved, purpose: API }
  - { ports: 30432, owner: postgres, namespace: core, exposure: never, internalPort: 5432, purpose: "a|b\\n=1" }
`;

let folder: string;
let settings: string;

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "portolan documents "));
  await write("ledger.yml", LEDGER);
  settings = await write("portolan.yml", `consul: { address: "${NOWHERE}" }\nports: { ledger: ledger.yml }\n`);
});
afterEach(() => rm(folder, { recursive: true }));

function ledger(...words: readonly string[]) {
  return runHere(["ledger", "--settings", settings, ...words]);
}

describe("ledger --format markdown", () => {
  test("needs no catalog, and tells what is declared", async () => {
    const { code, stdout } = await ledger("--format", "markdown");
    expect(code).toBe(0);
    expect(stdout).toContain("| 30800 | tcp | core/api |  | public | every node | API | Reserved |\n");
    expect(stdout).toContain("| postgres | 5432 | 30432 | tcp | never | a\\|b\\\\u000a=1 |  |\n");
    expect(stdout).toContain("<http://192.168.7.235:30800>, <http://192.168.7.236:30800>");
  });

  test("a file that names the ledger is settings enough", async () => {
    const { stdout } = await ledger("--format", "markdown");
    settings = await write("for-ci.yml", "ports: { ledger: ledger.yml }\n");
    expect(await ledger("--format", "markdown")).toEqual({ code: 0, stdout, stderr: "" });
  });

  test("--part prints one part alone, or that there is nothing", async () => {
    expect((await ledger("--format", "markdown", "--part", "access")).stdout).toMatch(/^## Access URLs\n\n\| Service/);
    expect((await ledger("--format", "markdown", "--part", "segments")).stdout).toBe(
      "ledger.yml says nothing of this (segments).\n",
    );
    await expect(ledger("--part", "access")).rejects.toMatchObject({ exitCode: 64 });
  });
});

describe("ledger --check", () => {
  let document: string;
  beforeEach(async () => {
    document = await write("PORTS of it.md", (await ledger("--format", "markdown")).stdout);
  });

  test("is content with the document as it was made", async () => {
    expect(await ledger("--check", document)).toEqual({ code: 0, stdout: `${document} is up to date\n`, stderr: "" });
  });

  test("names the line that is out of date, and the command that it prints renews the document", async () => {
    await write("ledger.yml", LEDGER.replace("purpose: API", "purpose: gateway"));
    const told = await ledger("--check", document, "--format", "markdown");
    expect(told.code).toBe(1);
    const [first, ...lines] = told.stdout.split("\n");
    expect(first).toBe(`${document} is out of date: 8 lines differ (- as it is, + as it should be)`);
    const old = "| 30800 | tcp | core/api |  | public | every node | API | Reserved |";
    const number = (await readFile(document, "utf8")).split("\n").indexOf(old) + 1;
    expect(lines[0]).toBe(`${String(number).padStart(6)} - ${old}`);
    expect(lines[1]).toBe(`       + ${old.replace("API", "gateway")}`);
    const [, words = "", target] = /^To renew it: portolan (.*) > '(.*)'$/m.exec(told.stdout) ?? [];
    expect(target).toBe(document);
    const renewed = await runHere(
      words
        .replaceAll("'", "")
        .replace(settings, "\0")
        .split(" ")
        .map((word) => word.replace("\0", settings)),
    );
    await writeFile(document, renewed.stdout);
    expect((await ledger("--check", document)).code).toBe(0);
  });

  test("takes no offence at line ends of another system, nor at tables that a formatter has aligned", async () => {
    const text = await readFile(document, "utf8");
    const aligned = text.replaceAll(/^\| /gm, "|   ").replaceAll("| --- |", "|:--------- |").replaceAll("\n", "\r\n");
    expect(aligned).not.toBe(text);
    await writeFile(document, `\ufeff${aligned}`);
    expect((await ledger("--check", document)).code).toBe(0);
  });

  test("a file that is not there, or no document at all, is out of date and told how to be made", async () => {
    const missing = await ledger("--check", join(folder, "none.md"));
    expect(missing.code).toBe(1);
    expect(missing.stdout).toMatch(/none\.md cannot be read .*\nTo renew it: portolan ledger --settings /);
    await writeFile(document, "");
    const empty = await ledger("--check", document);
    expect(empty.code).toBe(1);
    expect(empty.stdout).toMatch(/… and \d+ more lines\nTo renew it: /);
  });

  test("compares CSV, too, and no table for people", async () => {
    const { stdout } = await ledger("--format", "csv");
    expect(stdout.split("\r\n")[1]).toBe("30432,tcp,postgres,core,5432,never,,,,node,,,a|b\\u000a=1");
    const file = await write("ports.csv", stdout);
    expect((await ledger("--format", "csv", "--check", file)).code).toBe(0);
    await writeFile(file, stdout.replace("API", "page"));
    expect((await ledger("--format", "csv", "--check", file)).stdout).toContain("--format csv > ");
    await expect(ledger("--format", "table", "--check", file)).rejects.toMatchObject({ exitCode: 64 });
  });
});

describe("env", () => {
  const env = (...words: readonly string[]) => runHere(["env", "--settings", settings, ...words]);
  beforeEach(async () => {
    await write(
      "ledger.yml",
      [
        "ports:",
        "  - { ports: 50052, owner: chat-grpc, exposure: ingress, purpose: x, env: { GUARDYN_PORT: '{port}' } }",
        "  - { ports: 8081, owner: chat-ws, exposure: ingress, purpose: x, env: { WEBSOCKET_PORT: '{port}', MOTD: \"it's $5\" } }",
        "  - { ports: 4222, owner: nats, exposure: never, purpose: x, clients: [chat-grpc, chat-ws] }",
      ].join("\n"),
    );
  });

  test("prints what a shell reads, a block for a job, or JSON", async () => {
    expect((await env("chat-grpc", "chat-ws")).stdout).toBe(
      [
        "GUARDYN_PORT=50052",
        "WEBSOCKET_PORT=8081",
        "MOTD='it'\\''s $5'",
        "NATS_ENDPOINT=nats.service.consul:4222",
        "",
      ].join("\n"),
    );
    expect((await env("chat-ws", "--format", "nomad")).stdout).toBe(
      [
        "env {",
        '  WEBSOCKET_PORT = "8081"',
        '  MOTD = "it\'s $5"',
        '  NATS_ENDPOINT = "nats.service.consul:4222"',
        "}",
        "",
      ].join("\n"),
    );
    expect(JSON.parse((await env("chat-grpc", "--format", "json")).stdout)).toEqual({
      GUARDYN_PORT: "50052",
      NATS_ENDPOINT: "nats.service.consul:4222",
    });
  });

  test("a service that the ledger does not know: 1, with the one that was meant", async () => {
    const told = await env("chat-grcp");
    expect(told).toMatchObject({ code: 1, stdout: "" });
    expect(told.stderr).toContain(
      'has no port of "chat-grcp", and names it among no clients; did you mean "chat-grpc"?',
    );
    await expect(env()).rejects.toMatchObject({ exitCode: 64 });
  });
});
