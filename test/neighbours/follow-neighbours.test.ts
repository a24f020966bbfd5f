import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { CHART_HEADER } from "../../src/core/traefik/chart/render.ts";
import { type FollowedNeighbours, followNeighbours } from "../../src/neighbours/follow-neighbours.ts";
import { until } from "../support/await-until.ts";

function router(name: string): string {
  return `http: { routers: { ${name}: { rule: x, service: api@internal } } }\n`;
}

describe("the files beside the chart", () => {
  let directory: string;
  let changes: number;
  let refusals: readonly (string | undefined)[];
  const stops: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "portolan-neighbours-"));
    changes = 0;
    refusals = [];
    await write("portolan.yml", `${CHART_HEADER}\n${JSON.stringify({ http: { routers: { own: { rule: "x" } } } })}\n`);
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function write(name: string, text: string): Promise<void> {
    await mkdir(join(directory, name, ".."), { recursive: true });
    await writeFile(join(directory, name), text);
  }

  function follow(): FollowedNeighbours {
    return followNeighbours({
      chart: join(directory, "portolan.yml"),
      clock: systemClock,
      changed() {
        changes += 1;
      },
      unloadable(found) {
        refusals = [...refusals, found?.message.replaceAll(directory, "")];
      },
    });
  }

  async function read(): Promise<FollowedNeighbours> {
    const followed = follow();
    await followed.read();
    return followed;
  }

  async function running(): Promise<FollowedNeighbours> {
    const followed = await read();
    const stop = new AbortController();
    const done = followed.run(stop.signal);
    stops.push(async () => {
      stop.abort();
      await done;
    });
    return followed;
  }

  /** Name → file, below the directory, with whether Traefik reads it before or after the chart. */
  function named(followed: FollowedNeighbours): Readonly<Record<string, string | undefined>> {
    const names = [...followed.current().names].map(([key, { file, isRead }]) => [
      key.replace("http/routers/", ""),
      `${isRead} ${file.slice(directory.length + 1)}`,
    ]);
    return Object.fromEntries(names);
  }

  test("are those that traefik loads, in its order: hidden ones, directories and links to files among them", async () => {
    await write("static.yml", router("a"));
    await write(".hidden.YAML", router("b"));
    await write("a.d/nested/c.yml", router("c"));
    await write("z.d/c.toml", "[http.routers.d]\nrule = 'x'\n");
    await write("other.json", router("e"));
    await write("static.yml.bak", router("f"));
    await write("elsewhere/g", router("g"));
    await symlink(join(directory, "elsewhere/g"), join(directory, "link.yml"));
    await symlink(join(directory, "z.d"), join(directory, "linked-directory"));
    await write("zz.yml", router("a"));
    const followed = await read();
    expect(named(followed)).toEqual({
      a: "after static.yml",
      b: "before .hidden.YAML",
      c: "before a.d/nested/c.yml",
      d: "after z.d/c.toml",
      g: "before link.yml",
    });
    expect(followed.current()).toMatchObject({ isComplete: true, diagnostics: [] });
    expect(refusals).toEqual([]);
  });

  test("are neither the chart itself nor a link to it", async () => {
    await symlink("portolan.yml", join(directory, "alias.yml"));
    expect(named(await read())).toEqual({});
  });

  test("are followed as they come, change and go, at the top and below", async () => {
    await mkdir(join(directory, "sub"));
    const followed = await running();
    await write("static.yml", router("a"));
    await until(() => named(followed)["a"] !== undefined, { timeoutMs: 15_000, what: "the new file" });
    await write("sub/more.yml", router("b"));
    await until(() => named(followed)["b"] !== undefined, { timeoutMs: 15_000, what: "the new file below" });
    await write("next", router("c"));
    await rename(join(directory, "next"), join(directory, "static.yml"));
    await until(() => named(followed)["c"] !== undefined && named(followed)["a"] === undefined, {
      timeoutMs: 15_000,
      what: "the change",
    });
    await rm(join(directory, "static.yml"));
    await until(() => named(followed)["c"] === undefined, { timeoutMs: 15_000, what: "the removal" });
    expect(named(followed)).toEqual({ b: "after sub/more.yml" });
    expect(changes).toBeGreaterThanOrEqual(5);
  });

  test("are noticed by events below the chart's directory, where one has the chart's own name, too", async () => {
    await write("below/portolan.yml", router("one"));
    const followed = await running();
    await write("below/portolan.yml", router("another"));
    await until(() => "another" in named(followed), { timeoutMs: 5_000, what: "the file to be read again" });
    await write(".portolan-by-hand.yml", router("hidden"));
    await until(() => "hidden" in named(followed), { timeoutMs: 5_000, what: "the hidden file to be read" });
  });

  test("that say the same again are no change", async () => {
    await write("static.yml", router("a"));
    const followed = await read();
    const before = followed.current();
    await write("static.yml", `# another value\n${router("a").replace("rule: x", "rule: y")}`);
    await followed.read();
    expect(followed.current()).toBe(before);
    expect(changes).toBe(1);
  });

  test("are not read again as long as they are as they were", async () => {
    await write("static.yml", router("a"));
    const long = new Date(Date.now() - 60_000);
    await utimes(join(directory, "static.yml"), long, long);
    const followed = await read();
    await write("other.yml", router("b"));
    await followed.read();
    expect(named(followed)).toEqual({ a: "after static.yml", b: "before other.yml" });
  });

  test("of which one cannot be loaded are reported once, with the place and without a value, and once more when it is mended", async () => {
    await write("static.yml", router("a"));
    const followed = await read();
    await write("static.yml", "http: { middlewares: { m: { basicAuth: { users: ['admin:secret'], raelm: x } } } }\n");
    await followed.read();
    await followed.read();
    await write("static.yml", router("a"));
    await followed.read();
    expect(refusals).toEqual([
      expect.stringMatching(/^\/static.yml: http.middlewares.m.basicAuth: found "raelm", .*write "realm"$/),
      undefined,
    ]);
  });

  test("keep the names that they had while they cannot be parsed", async () => {
    await write("static.yml", router("a"));
    const followed = await read();
    await write("static.yml", "http: [\n");
    await followed.read();
    expect(named(followed)).toEqual({ a: "after static.yml" });
    expect(refusals).toEqual([expect.stringContaining("/static.yml: found invalid YAML at line")]);
  });

  test.each([
    ["a link that leads nowhere", (path: string) => symlink("nowhere", path), "found a link that leads nowhere"],
    ["a link to a directory", (path: string) => symlink(tmpdir(), path), "found a link to a directory"],
    ["a pipe", async (path: string) => void execFileSync("mkfifo", [path]), "found a pipe or a socket"],
  ])("of which one is %s make traefik refuse the directory", async (_, make, message) => {
    await make(join(directory, "odd.yml"));
    await read();
    expect(refusals).toEqual([expect.stringContaining(message)]);
  });

  test("that are a template are said to be one, once", async () => {
    await write("static.yml", `# {{ env "SECRET" }}\n${router("a")}`);
    const followed = await read();
    expect(named(followed)).toEqual({ a: "after static.yml" });
    const { isComplete, diagnostics } = followed.current();
    expect(isComplete).toBe(false);
    expect(diagnostics).toMatchObject([{ code: "NEIGHBOUR_TEMPLATE" }]);
    expect(refusals).toEqual([]);
  });

  test.skipIf(process.getuid?.() === 0)("that portolan may not read are told, and are no reason to stop", async () => {
    await write("static.yml", router("a"));
    await write("sub/more.yml", router("b"));
    const followed = await read();
    await chmod(join(directory, "static.yml"), 0o000);
    await chmod(join(directory, "sub"), 0o000);
    await followed.read();
    await chmod(join(directory, "sub"), 0o700);
    expect(followed.current().diagnostics).toMatchObject([{ code: "NEIGHBOUR_UNREAD" }, { code: "NEIGHBOUR_UNREAD" }]);
    expect(named(followed)["a"]).toBe("after static.yml");
    expect(refusals).toEqual([]);
  });

  test("that are too large, too many or too deep are not read, and that is told", async () => {
    await write("large.yml", `${"#".repeat(17 * 1024 * 1024)}\n`);
    await write(`${"d/".repeat(20)}deep.yml`, router("a"));
    const followed = await read();
    const messages = followed.current().diagnostics.map(({ message }) => message);
    expect(messages).toEqual([
      expect.stringContaining("directories deeper than 16"),
      expect.stringContaining("larger than 16777216 bytes"),
    ]);
  });

  test("are none where the directory does not exist", async () => {
    await rm(directory, { recursive: true });
    expect(named(await read())).toEqual({});
  });

  test("that are another portolan's chart define names with a meaning", async () => {
    await write("a.yml", `${CHART_HEADER}\n{"http": {"routers": {"r": {"rule":"x"}}}}\n`);
    const [name] = [...(await read()).current().names.values()];
    expect(name).toMatchObject({ whose: "peer", isRead: "before", shape: '{"rule":"x"}' });
  });
});
