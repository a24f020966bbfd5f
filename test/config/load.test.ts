import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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

  test("with aliases that unfold to a thousand million values is refused at once", async () => {
    const lines = Array.from(
      { length: 9 },
      (_, level) => `l${level + 1}: &l${level + 1} [${Array(10).fill(`*l${level}`)}]`,
    );
    expect(await refusal(load, ["l0: &l0 x", ...lines].join("\n"))).toContain("unfold to more than 1000000 values");
  });
});
