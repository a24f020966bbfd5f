import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { dryPass } from "../../../src/app/dry-pass/dry-pass.ts";
import { diffCharts, isEmptyDiff } from "../../../src/core/chart-diff/chart-diff.ts";
import { newConfig } from "../../../src/core/traefik/chart/dynamic-config.ts";
import { createDryWorld, type DryWorld } from "./dry-world.ts";

describe("a dry pass", () => {
  let world: DryWorld;

  beforeEach(async () => {
    world = await createDryWorld();
    world.service("web", 24_001);
    world.service("shop", 24_002);
  });
  afterEach(() => world.close());

  /** What it says would change, as `added http/routers/x`. */
  async function planned(...args: Parameters<typeof dryPass>): Promise<readonly string[]> {
    const { edges } = await dryPass(...args);
    const [main] = edges;
    const { routers } = diffCharts(main.published ?? newConfig(), (main.next ?? main.present).decision.chart);
    return routers.map(({ kind, key }) => `${kind} ${key}`);
  }

  test("of nothing yet says what the first chart will be, and writes nothing", async () => {
    expect(await planned(world.settings())).toEqual(["added http/routers/shop", "added http/routers/web"]);
    expect(Object.keys(world.files())).toEqual(["dynamic"]);
  });

  test("says no change right after a publication, and leaves every file as it is", async () => {
    await world.publish();
    const files = world.files();
    const { edges, unread, notes } = await dryPass(world.settings());
    expect(isEmptyDiff(diffCharts(edges[0].published ?? newConfig(), edges[0].present.decision.chart))).toBe(true);
    expect(edges[0].present.decision.text).toBe(readFileSync(world.chart, "utf8"));
    expect({ unread, notes }).toEqual({ unread: [], notes: [] });
    expect(world.files()).toEqual(files);
  });

  test("says what the next pass then publishes", async () => {
    await world.publish();
    world.service("wiki", 24_003);
    world.service("web", 24_009);
    world.remove("shop");
    const { edges } = await dryPass(world.settings());
    await world.publish();
    expect(edges[0].present.decision.text).toBe(readFileSync(world.chart, "utf8"));
    expect(edges[0].present.decision.text).toContain("24009");
  });

  test("tells what a guard would hold as held", async () => {
    for (let number = 0; number < 40; number += 1) world.service(`s${number}`, 25_000 + number);
    await world.publish();
    for (let number = 0; number < 40; number += 1) world.remove(`s${number}`);
    const { decision } = (await dryPass(world.settings())).edges[0].present;
    expect(decision.memory.removals.holds).toMatchObject([{ kind: "mass-removal" }]);
    expect(decision.chart["http/routers"].size).toBe(42);
  });

  test("decides by settings that are to be adopted as a reload would: what they take away is held, and told", async () => {
    await world.publish();
    const next = world.settings({ ports: { dynamic: "24002-24002" } });
    const { edges } = await dryPass(world.settings(), { next });
    expect(edges[0].present.decision.memory.removals.holds).toEqual([]);
    expect(edges[0].next?.decision.memory.removals.holds).toMatchObject([
      { kind: "settings-change", routers: ["http/routers/web"] },
    ]);
    const opened = world.settings({ traefik: { exposedByDefault: true } });
    world.service("hidden", 24_005, []);
    expect(await planned(world.settings(), { next: opened })).toEqual(["added http/routers/hidden"]);
  });

  test("says what the release of a rollback would bring", async () => {
    await world.publish();
    const text = readFileSync(world.chart, "utf8");
    world.service("wiki", 24_003);
    const value = { number: 1, sinceMs: 1_000, text };
    const file = JSON.stringify({ portolan: "state", format: 1, writtenAtMs: 1_000, value });
    writeFileSync(join(world.stateDir, "rollback.json"), file);
    const [main] = (await dryPass(world.settings())).edges;
    expect(main.rollback).toEqual(value);
    expect([...(main.published?.["http/routers"].keys() ?? [])]).toEqual(["shop", "web"]);
    expect([...main.present.decision.chart["http/routers"].keys()].sort()).toEqual(["shop", "web", "wiki"]);
  });

  test("leaves a damaged state file where it is, and says so", async () => {
    await world.publish();
    writeFileSync(join(world.stateDir, "chart-state.json"), "{}\n");
    const files = world.files();
    const { notes } = await dryPass(world.settings());
    expect(notes).toEqual([expect.stringMatching(/chart-state\.json is not a .*state file; it counts as absent/)]);
    expect(world.files()).toEqual(files);
  });

  test("knows what else is registered on the machines that health checks ask, as the daemon does after a moment", async () => {
    world.service("db", 25_432, []);
    const check = "traefik.http.services.web.loadbalancer.healthcheck";
    world.service("web", 24_001, ["traefik.enable=true", `${check}.path=/h`, `${check}.port=25432`]);
    const next = world.settings({ traefik: { exposedByDefault: true } });
    const { present, next: other } = (await dryPass(world.settings(), { next })).edges[0];
    for (const one of [present, other]) {
      expect(one?.decision.diagnostics.map(({ code }) => code)).toContain("HEALTH_CHECK_REFUSED");
      expect(JSON.stringify([...(one?.decision.chart["http/services"] ?? [])])).not.toContain("healthCheck");
    }
  });

  test("decides for every edge by its own prefix", async () => {
    const file = join(world.chart, "../internal.yml");
    world.service("admin", 24_004, ["inside.enable=true"]);
    const { edges } = await dryPass(world.settings({ edges: [{ name: "internal", prefix: "inside", file }] }));
    expect(edges.map(({ name, present }) => [name, [...present.decision.chart["http/routers"].keys()].sort()])).toEqual(
      [
        ["main", ["shop", "web"]],
        ["internal", ["admin"]],
      ],
    );
  });

  test("counts what was last good of a catalog that does not answer, and refuses where none does", async () => {
    const catalogs = [
      { name: "here", consul: { address: world.settings().consul.address } },
      { name: "away", consul: { address: "http://127.0.0.1:1" } },
    ];
    const settings = world.settings({ consul: undefined, catalogs });
    const { edges, unread } = await dryPass(settings);
    expect(unread).toMatchObject([{ label: "away", reason: expect.stringContaining("connection refused") }]);
    expect(edges[0].present.decision.chart["http/routers"].size).toBe(2);
    await expect(dryPass(world.settings({ consul: { address: "http://127.0.0.1:1" } }))).rejects.toMatchObject({
      exitCode: 69,
    });
  });

  test("refuses a chart that portolan did not write", async () => {
    writeFileSync(world.chart, "http: {}\n");
    await expect(dryPass(world.settings())).rejects.toMatchObject({ code: "E_OUTPUT_FOREIGN" });
  });
});
