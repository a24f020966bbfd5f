import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { planCommand } from "../../../src/cli/words/change/plan.ts";
import { loadSettings } from "../../../src/config/load.ts";
import { createDryWorld, type DryWorld } from "../../app/dry-pass/dry-world.ts";

describe("plan", () => {
  let world: DryWorld;
  let printed: { stdout: string; stderr: string };

  /** A settings file of this world. */
  function settingsFile(name: string, content: Readonly<Record<string, unknown>> = {}): string {
    const path = join(dirname(world.stateDir), name);
    const { address } = world.settings().consul;
    const own = { consul: { address }, output: { file: world.chart }, stateDir: world.stateDir };
    writeFileSync(path, JSON.stringify({ ...own, ...content }));
    return path;
  }

  async function plan(flags: Readonly<Record<string, string>> = {}): Promise<string> {
    printed = { stdout: "", stderr: "" };
    const code = await planCommand.run(flags, []);
    return `${code}\n${printed.stdout}`;
  }

  beforeEach(async () => {
    world = await createDryWorld();
    printed = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      vi.spyOn(process[stream], "write").mockImplementation((text) => {
        printed[stream] += String(text);
        return true;
      });
    }
    world.service("web", 24_001);
    world.service("shop", 24_002);
    vi.stubEnv("PORTOLAN_SETTINGS", settingsFile("portolan.yml"));
    await world.publish(await loadSettings({}, process.env));
  });
  afterEach(() => world.close());

  test("says no change right after a publication, with 0", async () => {
    expect(await plan()).toBe(`0\n${world.chart}\n\nNo changes.\n`);
    expect(printed.stderr).toBe("");
  });

  test("says by router what would change and why, with 2", async () => {
    world.service("wiki", 24_003);
    world.service("web", 24_009);
    expect(await plan()).toBe(
      [
        "2",
        world.chart,
        "",
        "~ router web  (service web: moved)",
        "    ~ service web",
        "        - loadBalancer.servers: http://192.168.11.11:24001",
        "        + loadBalancer.servers: http://192.168.11.11:24009",
        "+ router wiki  (service wiki: registered)",
        "    + rule: Host(`wiki`)",
        "    + service: wiki",
        "    + service wiki",
        "        + loadBalancer.servers: http://192.168.11.11:24003",
        "",
        "Plan: 1 to add, 1 to change, 0 to remove.",
        "",
      ].join("\n"),
    );
  });

  test("tells what is newly refused, and what is no longer", async () => {
    world.service("odd", 8081);
    expect(await plan()).toMatch(
      /^0\n[\s\S]*Newly wrong:\n {2}PORT_OUTSIDE_WINDOW {2}odd \(odd on node-1\): port 8081/,
    );
    await world.publish(await loadSettings({}, process.env));
    world.service("odd", 24_005);
    expect(await plan()).toMatch(/^2\n[\s\S]*No longer wrong:\n {2}PORT_OUTSIDE_WINDOW/);
  });

  test("what a guard would hold is a change that waits: 2", async () => {
    world.remove("web");
    world.remove("shop");
    const text = await plan();
    expect(text).toMatch(/^2\n/);
    expect(text).toMatch(/2 routers held with the servers they had \(web, shop\): .*consistently/);
    expect(text).toContain("No changes; 2 held.\n");
  });

  describe("tries what is not in force yet, and says what it tries", () => {
    test("--settings", async () => {
      world.service("hidden", 24_004, []);
      const file = settingsFile("new.yml", { traefik: { exposedByDefault: true } });
      const text = await plan({ settings: file });
      expect(text).toContain(`, by the settings in ${file} in place of ${process.env["PORTOLAN_SETTINGS"]}`);
      expect(text).toMatch(/^2\n[\s\S]*\+ router hidden [\s\S]*Plan: 1 to add, 0 to change, 0 to remove\./);
    });

    test("--policy, whose refusals are held until they are confirmed", async () => {
      const policy = join(dirname(world.stateDir), "policy.yml");
      writeFileSync(policy, JSON.stringify({ rules: [{ service: "web" }] }));
      const text = await plan({ policy });
      expect(text).toContain(`, by the policy ${policy}\n`);
      expect(text).toMatch(
        /^2\n[\s\S]*Newly wrong:\n {2}POLICY_REFUSED {2}shop [\s\S]*1 router held .*\(shop\): the settings/,
      );
    });

    test("--ledger", async () => {
      world.service("odd", 8081);
      const ledger = join(dirname(world.stateDir), "ledger.yml");
      const entry = { ports: 8081, owner: "odd", exposure: "ingress", purpose: "a test" };
      writeFileSync(ledger, JSON.stringify({ ports: [entry] }));
      expect(await plan({ ledger })).toMatch(
        /^2\n[\s\S]*\+ router odd [\s\S]*No longer wrong:\n {2}PORT_OUTSIDE_WINDOW/,
      );
    });

    test("--traefik-version", async () => {
      expect(await plan({ "traefik-version": "3.7" })).toBe(`0\n${world.chart}, by Traefik 3.7\n\nNo changes.\n`);
    });

    test("what counts after a restart only is planned as for one, and said", async () => {
      const file = join(dirname(world.chart), "inner.yml");
      const settings = settingsFile("new.yml", { edges: [{ name: "inner", prefix: "inside", file }] });
      const text = await plan({ settings });
      expect(printed.stderr).toBe("portolan: edges count after a restart, not by SIGHUP: planned as for one\n");
      expect(text).toContain(`${file} (edge inner), by `);
    });

    test("settings that were edited in place: what they refuse is told, since what was refused before is not known", async () => {
      settingsFile("portolan.yml", { ports: { dynamic: "24002-24003" } });
      const text = await plan();
      expect(text).toContain(
        "Wrong by these settings (what was wrong before is not known: other settings made the chart):",
      );
      expect(text).toMatch(
        /^2\n[\s\S]*PORT_OUTSIDE_WINDOW {2}web [\s\S]*1 router held .*\(web\): the settings have changed/,
      );
    });

    test("settings for another chart are in force there", async () => {
      const other = settingsFile("other.yml", { output: { file: join(dirname(world.chart), "other.yml") } });
      expect(await plan({ settings: other })).toMatch(/^2\n[^,\n]*other\.yml\n[\s\S]*First chart: 2 to add/);
    });
  });

  test("while an earlier chart is in force, says so and what its release would bring", async () => {
    const value = { number: 1, sinceMs: Date.UTC(2026, 10, 30), text: readFileSync(world.chart, "utf8") };
    const file = JSON.stringify({ portolan: "state", format: 1, writtenAtMs: 1, value });
    writeFileSync(join(world.stateDir, "rollback.json"), file);
    world.service("wiki", 24_003);
    const text = await plan();
    expect(text).toContain(
      "version 1 is published since 2026-11-30T00:00:00Z, by portolan rollback, and stays until portolan release, which would bring:\n\n+ router wiki",
    );
    expect(text).toMatch(/^2\n/);
    expect(text).toContain("Plan: 1 to add, 0 to change, 0 to remove; all of it waits for portolan release.\n");
  });

  test("names of a catalog are inert in both outputs", async () => {
    world.service("web\u009b2J\u202e", 24_004);
    for (const flags of [{}, { json: "true" }]) expect(await plan(flags)).not.toMatch(/[\u202e\u009b]/);
  });

  test("--json tells the same to machines, without secrets", async () => {
    const secret = "$2y$05$abcdefghijklmnopqrstuv";
    world.service("wiki", 24_003, [
      ...["traefik.enable=true", "traefik.http.routers.wiki.middlewares=gate"],
      `traefik.http.middlewares.gate.basicauth.users=me:${secret}`,
    ]);
    const [code, ...lines] = (await plan({ json: "true" })).split("\n");
    const json: unknown = JSON.parse(lines.join("\n"));
    expect(code).toBe("2");
    expect(json).toMatchObject({
      format: 1,
      isChange: true,
      tried: null,
      charts: [
        {
          ...{
            edge: "main",
            file: world.chart,
            counts: { added: 1, changed: 0, removed: 0 },
            held: [],
            rollback: null,
          },
          routers: [{ router: "wiki", protocol: "http", kind: "added", service: "wiki", why: "registered" }],
        },
      ],
    });
    expect(lines.join("\n")).not.toContain(secret);
    expect(await plan()).toContain("+ basicAuth.users: ***");
    expect(printed.stdout).not.toContain(secret);
  });

  test.each([
    ["bad settings", () => settingsFile("bad.yml", { bogus: 1 }), "bogus"],
    ["a file that is not there", () => "/nonexistent/settings.yml", "cannot be read"],
    [
      "a catalog that does not answer",
      () => settingsFile("away.yml", { consul: { address: "http://127.0.0.1:1" } }),
      "no catalog could be read",
    ],
  ])("%s: 1, as terraform's", async (_, file, words) => {
    await expect(planCommand.run({ settings: file() }, [])).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining(words),
    });
  });
});
