import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { settingsDocCommand } from "../../src/cli/words/settings/doc.ts";
import { settingsInitCommand } from "../../src/cli/words/settings/init.ts";
import { settingsSchemaCommand } from "../../src/cli/words/settings/schema.ts";
import { settingsShowCommand } from "../../src/cli/words/settings/show.ts";
import { settingsReference } from "../../src/config/resolve/reference.ts";

const TOKEN = "8ab3-planted-token";

let folder: string;
let file: string;
let out: string;
let told: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portolan-settings-"));
  file = join(folder, "portolan.yml");
  out = "";
  told = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    told += String(text);
    return true;
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(...lines: readonly string[]): void {
  writeFileSync(file, lines.join("\n"));
}

/** A row of the table: what stands behind the setting. */
function row(path: string): readonly string[] {
  const line = out.split("\n").find((one) => one.startsWith(`${path} `)) ?? "";
  return line.split(/ {2,}/).slice(1);
}

describe("settings show", () => {
  test("tells of each value the line, the flag, the variable or the default that it comes from", async () => {
    write("output: { file: chart.yml }", "stateDir: state", "", "publish:", "  quiet: 200ms", "listen: 127.0.0.1:1");
    vi.stubEnv("CONSUL_NAMESPACE", "team");
    expect(await settingsShowCommand.run({ settings: file, listen: "127.0.0.1:2" }, [])).toBe(0);
    expect(out.split("\n")[0]).toBe(`${file} (--settings)`);
    expect(row("output.file")).toEqual([join(folder, "chart.yml").slice(0, 60), "line 1"]);
    expect(row("publish.quiet")).toEqual(["200ms", "line 5"]);
    expect(row("publish.maxDelay")).toEqual(["1s", "default"]);
    expect(row("listen")).toEqual(["127.0.0.1:2", "flag --listen"]);
    expect(row("consul.namespace")).toEqual(["team", "environment CONSUL_NAMESPACE"]);
  });

  test("shows of the catalogs the one that counts, and no section that is not there", async () => {
    write("output: { file: chart.yml }", "stateDir: state", "nomad: { address: 127.0.0.1:4646 }");
    await settingsShowCommand.run({ settings: file }, []);
    expect(out).toContain("nomad.address");
    expect(out).not.toMatch(/^consul\.|^serve\.|login/m);
  });

  test.each([{}, { json: "true" }])("shows no secret (%j)", async (flags) => {
    write(
      "output: { file: chart.yml }",
      "stateDir: state",
      `catalogs: [{ name: dc1, consul: { token: ${TOKEN} } }]`,
      `define: { http: { serversTransports: { a: { rootCAs: ["-----BEGIN CERTIFICATE-----${TOKEN}"] } } } }`,
    );
    await settingsShowCommand.run({ settings: file, ...flags }, []);
    expect(out).toContain("***");
    expect(out).not.toContain(TOKEN);
  });

  test("a token of the environment is masked, too", async () => {
    write("output: { file: chart.yml }", "stateDir: state");
    vi.stubEnv("CONSUL_HTTP_TOKEN", TOKEN);
    await settingsShowCommand.run({ settings: file }, []);
    expect(row("consul.token")).toEqual(["***", "environment CONSUL_HTTP_TOKEN"]);
  });

  test("what is wrong with them is told as at the start", async () => {
    write("output: { file: chart.yml }", "stateDir: state", "publsh: {}");
    await expect(settingsShowCommand.run({ settings: file }, [])).rejects.toMatchObject({ exitCode: 78 });
  });

  test("no control character of a file reaches the terminal", async () => {
    write("output: { file: chart.yml }", "stateDir: state", 'traefik: { entryPoints: ["a\\e[2Jb"] }');
    await settingsShowCommand.run({ settings: file }, []);
    await settingsShowCommand.run({ settings: file, json: "true" }, []);
    expect(out).toContain("\\u001b[2J");
    expect(out).not.toContain("\u001b");
  });
});

describe("settings doc", () => {
  test("says what a setting means, what is allowed, its default, and what counts now and why", async () => {
    write("output: { file: chart.yml }", "stateDir: state", "publish: { quiet: 200ms }");
    expect(await settingsDocCommand.run({ settings: file }, ["publish.quiet"])).toBe(0);
    expect(out).toMatch(/^publish\.quiet\n {2}a burst of changes/);
    expect(out).toContain("allowed  text, such as 100ms, 10s, 5m");
    expect(out).toContain("default  100ms");
    expect(out).toContain(`now      200ms (${file}:3)`);
  });

  test("without usable settings it says why the present value is not known, and the rest all the same", async () => {
    write("output: 1");
    expect(await settingsDocCommand.run({ settings: file }, ["traefik.version"])).toBe(0);
    expect(out).toContain("allowed  3.6, 3.7");
    expect(told).toContain("what counts now is not known");
  });

  test("a section is the list of its settings; without a name all are listed", async () => {
    await settingsDocCommand.run({ settings: join(folder, "none.yml") }, ["publish"]);
    expect(out.match(/^publish\.\w+$/gm)).toEqual(["publish.quiet", "publish.maxDelay"]);
    out = "";
    await settingsDocCommand.run({}, []);
    expect(out.match(/^\S+$/gm)?.length).toBe(settingsReference().length);
  });

  test("an unknown name is answered with the one that was meant", async () => {
    await expect(settingsDocCommand.run({}, ["publish.quite"])).rejects.toMatchObject({
      exitCode: 64,
      message: 'settings doc: "publish.quite" is no setting; did you mean "publish.quiet"?',
    });
  });

  test("every setting has a documentation and says what is allowed", async () => {
    for (const { path } of settingsReference()) {
      out = "";
      await settingsDocCommand.run({ settings: join(folder, "none.yml") }, [path]);
      expect(out, path).toMatch(/\n {2}\S[\s\S]*\n {2}allowed {2}/);
    }
  });
});

test("settings schema prints each of the schemas, and names them where another is asked for", async () => {
  expect(await settingsSchemaCommand.run({}, ["ledger"])).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ title: "Portolan's ledger of ports" });
  await expect(settingsSchemaCommand.run({}, ["polcy"])).rejects.toThrow(
    /allowed: settings, policy, ledger; did you mean "policy"/,
  );
});

test("settings init writes what it knows where no process answers, says that, and never replaces a file", async () => {
  const closed = { "consul-addr": "127.0.0.1:1", "nomad-addr": "127.0.0.1:1", "traefik-api": "http://127.0.0.1:1" };
  expect(await settingsInitCommand.run({ ...closed, output: "/srv/chart.yml" }, [file])).toBe(0);
  expect(told.match(/ECONNREFUSED/g)?.length).toBe(3);
  expect(told).toContain(`wrote ${file}; look through it, then: portolan plan --settings ${file}`);
  const text = readFileSync(file, "utf8");
  expect(text).toContain("file: /srv/chart.yml");
  await expect(settingsInitCommand.run(closed, [file])).rejects.toMatchObject({ exitCode: 73 });
  expect(readFileSync(file, "utf8")).toBe(text);
  await expect(settingsInitCommand.run({ ...closed, "consul-addr": "ftp://x" }, ["-"])).rejects.toMatchObject({
    exitCode: 78,
  });
});
