import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../../src/core/decision.ts";
import type { Memory } from "../../../src/core/memory.ts";
import type { CoreSettings } from "../../../src/core/settings.ts";
import { instance, NOW_MS, pass, settings } from "../../builders/world.ts";

/** Passes one after the other, each with what the catalog says at that second. */
function history(by: CoreSettings) {
  let memory: Memory | undefined;
  return (second: number, ...told: readonly ServiceInstance[]): Decision => {
    const previous = memory === undefined ? {} : { previous: memory };
    const decision = pass(told, { ...previous, settings: by, nowMs: NOW_MS + second * 1_000 });
    memory = decision.memory;
    return decision;
  };
}

function servers(decision: Decision): readonly number[] {
  return [...decision.text.matchAll(/"url":"http:\/\/[^"]*:(\d+)"/g)].map(([, port]) => Number(port));
}

function codes({ diagnostics }: Decision): readonly string[] {
  return diagnostics.map(({ code }) => code);
}

const [one, two, three] = [24001, 24002, 24003].map((port) => instance({ id: `web-${port}`, port })) as [
  ServiceInstance,
  ServiceInstance,
  ServiceInstance,
];
const innocent = instance({ service: "shop", id: "shop-1", port: 25001 });

describe("a service that flaps", () => {
  const by = settings({ routes: { flapping: { perMinute: 3, every: "10s" } } });

  /** Three arrivals of `two` within six seconds, each let through; the next is one too many. */
  function afterThree() {
    const at = history(by);
    at(0, innocent, one);
    for (const second of [1, 3, 5]) {
      expect(servers(at(second, innocent, one, two))).toEqual([25001, 24001, 24002]);
      expect(servers(at(second + 1, innocent, one))).toEqual([25001, 24001]);
    }
    return at;
  }

  test("has its news published every 10 s, and is named", () => {
    const at = afterThree();
    const fourth = at(7, innocent, one, two);
    expect(servers(fourth)).toEqual([25001, 24001]);
    expect(fourth.memory.damping?.counted.instances).toEqual([innocent, one]);
    expect(codes(fourth)).toEqual(["SERVICE_FLAPPING"]);
    expect(fourth.diagnostics[0]?.subject.service).toBe("web");
    expect(fourth.lookAgainAtMs).toBe(NOW_MS + 15_000);
    expect(servers(at(14, innocent, one, two, three))).toEqual([25001, 24001]);
    expect(servers(at(15, innocent, one, two, three))).toEqual([25001, 24001, 24002, 24003]);
  });

  test("loses at once whoever leaves, fails or is hidden", () => {
    const at = afterThree();
    expect(servers(at(7, innocent, one, two))).toEqual([25001, 24001]);
    expect(servers(at(15, innocent, one, two))).toEqual([25001, 24001, 24002]);
    expect(servers(at(16, innocent, two))).toEqual([25001, 24002]);
    const failing = { ...two, checks: [{ id: "http", name: "http", status: "critical" }] };
    expect(servers(at(17, innocent, failing))).toEqual([25001]);
  });

  test("an instance that moves meanwhile leaves its old port at once", () => {
    const at = afterThree();
    expect(servers(at(7, innocent, { ...one, port: 24009 }))).toEqual([25001]);
    expect(servers(at(15, innocent, { ...one, port: 24009 }))).toEqual([25001, 24009]);
  });

  test("no removal is held because instances that moved wait: they have not left the catalog", () => {
    const at = history(by);
    const many = (port: number) =>
      Array.from({ length: 12 }, (_, number) =>
        instance({ service: `s${number}`, id: `s${number}`, port: port + number, node: "node-7" }),
      );
    for (const second of [0, 1, 2, 3, 4]) at(second, innocent, ...many(26_000 + 100 * second));
    const waiting = at(5, innocent, ...many(26_500));
    expect(servers(waiting)).toEqual([25001]);
    expect(waiting.memory.removals.holds).toEqual([]);
    const gone = at(6, innocent);
    expect(gone.memory.removals.holds).toEqual([]);
  });

  test("an instance with other tags serves by its old ones until then", () => {
    const at = afterThree();
    const retagged = { ...one, tags: [...one.tags, "traefik.http.routers.web.rule=Host(`new.test`)"] };
    expect(at(7, innocent, retagged).text).not.toContain("new.test");
    expect(servers(at(8, innocent, retagged))).toEqual([25001, 24001]);
    expect(at(15, innocent, retagged).text).toContain("new.test");
  });

  test("a change of others is published meanwhile", () => {
    const at = afterThree();
    at(7, innocent, one, two);
    expect(servers(at(8, { ...innocent, port: 25002 }, one, two))).toEqual([25002, 24001]);
  });

  test("is let alone as soon as it has been calm for long enough", () => {
    const at = afterThree();
    expect(at(7, innocent, one, two).lookAgainAtMs).toBe(NOW_MS + 15_000);
    expect(at(15, innocent, one, two).lookAgainAtMs).toBe(NOW_MS + 61_000);
    const calm = at(61, innocent, one, two);
    expect(codes(calm)).toEqual([]);
    expect(servers(at(62, innocent, one, two, three))).toEqual([25001, 24001, 24002, 24003]);
  });

  test("what waits is counted once, however often it is looked at", () => {
    const at = history(settings({ routes: { flapping: { perMinute: 1, every: "10s" } } }));
    at(0, one);
    at(1, one, two);
    for (const second of [2, 3, 4, 5]) expect(servers(at(second, one, two, three))).toEqual([24001, 24002]);
    expect(servers(at(11, one, two, three))).toEqual([24001, 24002, 24003]);
    expect(codes(at(61.5, one, two, three))).toEqual([]);
  });

  test("a service with one instance flaps as well, when it comes back each time", () => {
    const at = history(by);
    at(0, innocent, one);
    for (const second of [1, 3, 5]) {
      expect(servers(at(second, innocent))).toEqual([25001]);
      expect(servers(at(second + 1, innocent, one))).toEqual([25001, 24001]);
    }
    at(7, innocent);
    expect(servers(at(8, innocent, one))).toEqual([25001]);
    expect(servers(at(16, innocent, one))).toEqual([25001, 24001]);
  });

  test("does not flap by leaving, nor by what nobody is routed by", () => {
    const at = history(settings({ routes: { flapping: { perMinute: 1, every: "10s" } } }));
    at(0, one, two, three);
    at(1, one, two);
    at(2, one);
    const warned = { ...one, checks: [{ id: "http", name: "http", status: "warning" }], meta: { version: "2" } };
    expect(codes(at(3, warned))).toEqual([]);
    expect(codes(at(4, one))).toEqual([]);
  });

  test("with compat: traefik nothing waits", () => {
    const at = history(settings({ compat: "traefik", routes: { flapping: { perMinute: 1, every: "10s" } } }));
    at(0, one);
    for (const second of [1, 3, 5, 7]) {
      at(second, one);
      expect(servers(at(second + 1, one, two))).toEqual([24001, 24002]);
    }
  });
});

describe("an instance that turns critical", () => {
  const failing = { ...one, checks: [{ id: "http", name: "http", status: "critical" }] };
  const graced = settings({ backends: { criticalGrace: "30s" } });

  test("leaves at once, unless somebody asks for a grace", () => {
    const at = history(settings());
    at(0, one, two);
    expect(servers(at(1, failing, two))).toEqual([24002]);
  });

  test("keeps its traffic for the grace, and as long as it has recovered within", () => {
    const at = history(graced);
    at(0, one, two);
    expect(at(1, failing, two).lookAgainAtMs).toBe(NOW_MS + 31_000);
    expect(servers(at(20, failing, two))).toEqual([24001, 24002]);
    expect(servers(at(25, one, two))).toEqual([24001, 24002]);
    expect(servers(at(30, failing, two))).toEqual([24001, 24002]);
    expect(servers(at(59, failing, two))).toEqual([24001, 24002]);
    expect(servers(at(60, failing, two))).toEqual([24002]);
    expect(servers(at(61, failing, two))).toEqual([24002]);
    expect(servers(at(200, failing, two))).toEqual([24002]);
  });

  test("changes nothing of the chart's bytes while the grace runs", () => {
    const at = history(graced);
    const healthy = at(0, one, two).text;
    expect(at(1, failing, two).text).toBe(healthy);
    expect(at(5, { ...failing, checks: [...failing.checks] }, two).text).toBe(healthy);
  });

  test.each<[string, ServiceInstance]>([
    ["is deregistered", two],
    ["moves to another port", { ...failing, port: 24008 }],
    [
      "is put into maintenance",
      { ...one, checks: [{ id: "_service_maintenance:web-1", name: "", status: "critical" }] },
    ],
  ])("has no grace when it %s", (_, told) => {
    const at = history(graced);
    at(0, one, two);
    expect(servers(at(1, told, two))).not.toContain(24001);
  });

  test("had none when it was critical before", () => {
    const at = history(graced);
    expect(servers(at(0, failing, two))).toEqual([24002]);
    expect(servers(at(1, { ...failing, meta: { a: "b" } }, two))).toEqual([24002]);
  });
});
