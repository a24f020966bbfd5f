import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withPathsFrom } from "../../src/config/files/relative-paths.ts";
import { settingsSchema } from "../../src/config/files/schema.ts";
import { type JsonSchema, jsonSchemaOf } from "../../src/config/files/schema-problem.ts";
import { loadLedger, loadPolicy, loadSettings } from "../../src/config/load.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "portolan-load-"));
});
afterEach(() => rm(folder, { recursive: true }));

const LOADERS: readonly (readonly [string, (path: string) => Promise<unknown>])[] = [
  ["settings", (path) => loadSettings({ settings: path }, {})],
  ["a policy", loadPolicy],
  ["a ledger", loadLedger],
];

async function refusal(load: (path: string) => Promise<unknown>, text: string): Promise<string> {
  const path = join(folder, "file.yml");
  await writeFile(path, text);
  return load(path).then(
    () => "",
    (error: unknown) => String(error),
  );
}

describe.each(LOADERS)("%s", (_, load) => {
  test.each([
    ["an alias that is not defined", "consul: { token: *s3cret }"],
    ["a tag that is unknown", "consul: { token: !s3cret x }"],
    ["a key twice", "s3cret: 1\ns3cret: 2"],
    ["a text without an end", 'consul: { token: "s3cret }'],
    ["a directive", "%S3CRET s3cret\n---\n%s3cret"],
  ])("with %s is refused by its place, and not quoted", async (_, text) => {
    const message = await refusal(load, text);
    expect(message).toMatch(/not valid YAML|found an unknown key|not a setting/);
    if (!text.startsWith("%")) expect(message).toMatch(/at line \d/);
    expect(message).not.toMatch(/token: .*s3cret|!s3cret|"s3cret/);
  });

  test("of more than 4 MiB is refused, with the bound", async () => {
    expect(await refusal(load, `# ${"x".repeat(4 * 1024 * 1024)}`)).toContain("larger than 4194304 bytes");
  });

  test("that is a pipe is refused at once, not waited for", async () => {
    const path = join(folder, "pipe.yml");
    execFileSync("mkfifo", [path]);
    await expect(load(path)).rejects.toThrow(
      /pipe\.yml: cannot be read \(no regular file\); name a readable file with /,
    );
  });

  test("with aliases that unfold to a thousand million values is refused at once", async () => {
    const lines = Array.from(
      { length: 9 },
      (_, level) => `l${level + 1}: &l${level + 1} [${Array(10).fill(`*l${level}`)}]`,
    );
    expect(await refusal(load, ["l0: &l0 x", ...lines].join("\n"))).toContain("unfold to more than 1000000 values");
  });
});

/** By what the documentation of a field says it is. */
function pathsIn({ properties = {}, items, description = "" }: JsonSchema, at = ""): readonly string[] {
  const below = Object.entries(properties).flatMap(([key, child]) => pathsIn(child, at === "" ? key : `${at}.${key}`));
  const inItems = items === undefined ? [] : pathsIn(items, `${at}.*`);
  const isPath =
    /^(?:file (?:with|that)|PEM file |folder |directory |the chart: a `.yml` file)/.test(description) &&
    items === undefined;
  return [...below, ...inItems, ...(isPath && Object.keys(properties).length === 0 ? [at] : [])];
}

const PATHS_OF_SCHEMA = pathsIn(jsonSchemaOf(settingsSchema));

describe("relative paths in a settings file", () => {
  test("count from the file, while those of flags and variables count from the working directory", async () => {
    await writeFile(join(folder, "policy.yml"), "rules: [{ service: web }]\n");
    await writeFile(join(folder, "ledger.yml"), "ports: []\n");
    const content = {
      output: { file: "../dynamic/portolan.yml" },
      stateDir: "/var/lib/portolan",
      policy: "policy.yml",
      ports: { ledger: "./ledger.yml", nomad: [{ tokenFile: "n" }] },
      snippets: "snippets",
      consul: { tokenFile: "token", tls: { caFile: "ca.pem" } },
      edges: [{ name: "inner", prefix: "inner", file: "inner.yml" }],
    };
    const path = join(folder, "settings.yml");
    await writeFile(path, JSON.stringify(content));
    const settings = await loadSettings(
      { settings: path },
      { CONSUL_CLIENT_CERT: "client.pem", CONSUL_CLIENT_KEY: "key.pem" },
    );
    expect(settings).toMatchObject({
      output: { file: join(folder, "../dynamic/portolan.yml") },
      stateDir: "/var/lib/portolan",
      policy: join(folder, "policy.yml"),
      ports: { ledger: join(folder, "ledger.yml") },
      schedulers: [{ tokenFile: join(folder, "n") }],
      snippets: join(folder, "snippets"),
      consul: { tokenFile: join(folder, "token"), tls: { caFile: join(folder, "ca.pem"), certFile: "client.pem" } },
      edges: [{ file: join(folder, "inner.yml") }],
    });
    const flagged = await loadSettings({ settings: path, output: "here.yml", "state-dir": "state" }, {});
    expect([flagged.output.file, flagged.stateDir]).toEqual(["here.yml", "state"]);
  });

  test("are found wherever the schema names a file or folder", () => {
    const paths = PATHS_OF_SCHEMA.map((path) => path.split("."));
    for (const path of paths) {
      const content = path.reduceRight<unknown>((below, key) => (key === "*" ? [below] : { [key]: below }), "x");
      expect(JSON.stringify(withPathsFrom("/etc/portolan.yml", content)), path.join(".")).toContain('"/etc/x"');
    }
    expect(paths.length).toBeGreaterThan(20);
  });
});

describe("the id by which a chart remembers its settings", () => {
  const FILE = "output: { file: /charts/portolan.yml }\nstateDir: /state\nports: { dynamic: 21000-22000 }\n";

  async function idOf(text: string): Promise<string | undefined> {
    const path = join(folder, "settings.yml");
    await writeFile(path, text);
    return (await loadSettings({ settings: path }, {})).id;
  }

  test("is that of earlier versions for a file that was there before, so that an upgrade holds nothing", async () => {
    expect(await idOf(FILE)).toBe("5IPIpMnE6ZGmmZKm");
  });

  test("is the same wherever an allocation keeps its files and sockets", async () => {
    const inAllocation = async (id: string) => {
      const allocation = await mkdtemp(join(folder, id));
      await writeFile(join(allocation, "ledger.yml"), "ports: []\n");
      const sections = `schedulers: [{ address: "unix://${allocation}/api.sock", tokenFile: nomad_token }]`;
      return await idOf(`${FILE.replace("ports: {", `ports: { ledger: ${allocation}/ledger.yml,`)}${sections}\n`);
    };
    expect(await inAllocation("b8d3")).toBe(await inAllocation("07ac"));
  });

  test("is another where a node of the ledger has another address", async () => {
    const withNode = async (address: string) => {
      await writeFile(join(folder, "ledger.yml"), `nodes: { db-1: ${address} }\n`);
      return await idOf(FILE.replace("ports: {", `ports: { ledger: ledger.yml,`));
    };
    expect(await withNode("10.0.0.1")).toBe(await withNode("10.0.0.1"));
    expect(await withNode("10.0.0.1")).not.toBe(await withNode("10.0.0.2"));
  });

  test.each(["allow: [{ service: web, uses: [db] }]\n", "schedulers: [{ address: http://127.0.0.1:4646 }]\n"])(
    "is another with %s",
    async (section) => {
      expect(await idOf(FILE + section)).not.toBe(await idOf(FILE));
    },
  );
});
