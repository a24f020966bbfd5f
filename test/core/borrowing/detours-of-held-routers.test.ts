import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../../src/core/decision.ts";
import { initialMemory } from "../../../src/core/memory.ts";
import type { CoreSettings } from "../../../src/core/settings.ts";
import { policyOf } from "../../builders/printed-policy.ts";
import { instance, NOW_MS, pass, settings } from "../../builders/world.ts";

const POLICY = policyOf({ rules: [{ service: "guarded", middlewares: { require: ["jwt@file"] } }, {}] });
const SETTINGS = { ...settings({ allow: [{ service: "opened", uses: ["*"] }] }), policy: POLICY };

const CRITICAL = [{ id: "own", name: "own", status: "critical" }] as const;
const NODE = { node: "node-1", nodeAddress: "10.9.0.5" };

const guarded = (overrides: Partial<ServiceInstance> = {}) =>
  instance({
    ...{ ...NODE, service: "guarded", id: "guarded-1", port: 24_000 },
    tags: ["traefik.enable=true", "traefik.http.routers.guarded.middlewares=jwt@file"],
    ...overrides,
  });

/** Registered at a port of its own on the same machine. */
const tenant = (tags: readonly string[] = [], overrides: Partial<ServiceInstance> = {}) =>
  instance({
    ...{ ...NODE, service: "tenant", id: "tenant-1", port: 25_000, createIndex: 20 },
    tags: ["traefik.enable=true", ...tags],
    ...overrides,
  });

const SERVER = "traefik.http.services.all.loadbalancer.server";
const LEADING: readonly (readonly [string, string])[] = [
  ["a URL", `${SERVER}.url=http://10.9.0.5:24000`],
  ["a URL with a path", `${SERVER}.url=http://10.9.0.5:24000/login`],
  ["the port alone", `${SERVER}.port=24000`],
];

interface Step {
  readonly instances: readonly ServiceInstance[];
  readonly isRestarted?: boolean;
  /** The catalog has lost its data. */
  readonly isReset?: boolean;
}

/** The last decision, each step a second after the one before. */
function played(steps: readonly Step[], inForce: CoreSettings = SETTINGS): Decision {
  let decision = pass([], { settings: inForce });
  for (const [at, { instances, isRestarted, isReset }] of steps.entries()) {
    const nowMs = NOW_MS + (at + 1) * 1_000;
    const { memory } = decision;
    decision = pass(instances, {
      previous: isRestarted === true ? initialMemory(decision.chart, memory) : memory,
      settings: inForce,
      nowMs,
      snapshot: isReset === true ? { indexResetAtMs: nowMs } : {},
    });
  }
  return decision;
}

/** The routers of a chart that lead to a port and are without the middleware. */
function openTo(port: number, { chart }: Decision): readonly string[] {
  return [...chart["http/routers"]]
    .filter(([, { service, middlewares }]) => {
      const object = JSON.stringify(chart["http/services"].get(String(service)) ?? {});
      return object.includes(`:${port}"`) || object.includes(`:${port}/`) ? middlewares === undefined : false;
    })
    .map(([name]) => name);
}

const CATALOGS = ["consul", "nomad"] as const;
const RETURNS = [
  ["healthy", {}],
  ["unhealthy", { checks: CRITICAL }],
  ["without routes", { tags: [] }],
] as const;
const CASES = CATALOGS.flatMap((catalog) =>
  LEADING.flatMap(([by, tag]) => RETURNS.map(([how, overrides]) => ({ catalog, by, tag, how, overrides }))),
);

describe("a held router leads nowhere past a demand by what its service once named as its place", () => {
  test.each(CASES)(
    "$catalog: by $by, and who is under the demand comes back $how",
    ({ catalog, tag, how, overrides }) => {
      const there = guarded({ catalog });
      const back = guarded({ catalog, ...overrides });
      const other = tenant([tag], { catalog });
      const orders: readonly (readonly Step[])[] = [
        [{ instances: [there] }, { instances: [other] }, { instances: [back] }],
        [{ instances: [there] }, { instances: [other] }, { instances: [] }, { instances: [back] }],
        [{ instances: [there] }, { instances: [other] }, { instances: [], isReset: true }, { instances: [back] }],
        [{ instances: [other] }, { instances: [back] }],
        [{ instances: [other] }, { instances: [other, back] }, { instances: [back] }],
        [
          { instances: [there, other] },
          { instances: [other] },
          { instances: [], isReset: true },
          { instances: [back] },
        ],
      ];
      for (const steps of orders) {
        expect(openTo(24_000, played(steps))).toEqual([]);
        for (const at of how === "unhealthy" ? steps.keys() : []) {
          const restarted = steps.map((step, position) => (position === at ? { ...step, isRestarted: true } : step));
          expect(openTo(24_000, played(restarted))).toEqual([]);
        }
        const withoutDemand = played(steps, settings());
        expect([...withoutDemand.chart["http/routers"].keys()]).toContain("tenant");
      }
    },
  );

  test("nor where the catalog's machine for it is another than its own address", () => {
    const at = { address: "10.9.7.7", node: "node-2", nodeAddress: "10.9.0.6" };
    const other = tenant([`${SERVER}.url=http://10.9.7.7:24000`]);
    const steps = [guarded(at), other, guarded({ ...at, checks: CRITICAL })].map((one) => ({ instances: [one] }));
    expect(openTo(24_000, played(steps))).toEqual([]);
  });

  test("nor where it has several instances, and one of its ports is named", () => {
    const two = [guarded({ checks: CRITICAL }), guarded({ id: "guarded-2", port: 24_007, checks: CRITICAL })];
    const other = tenant([`${SERVER}.url=http://10.9.0.5:24007`]);
    const decision = played([{ instances: two }, { instances: [other] }, { instances: two }]);
    expect(openTo(24_007, decision)).toEqual([]);
  });

  test("nor by what another service, which is there, defines", () => {
    const lender = (port: number) =>
      tenant([`${SERVER}.port=${port}`, "traefik.http.routers.opened.service=all"], {
        ...{ service: "opened", id: "opened-1", port: 25_001, createIndex: 15 },
      });
    const user = tenant(["traefik.http.routers.tenant.service=all"]);
    const kin = (one: ServiceInstance) => ({ ...one, job: "one" });
    const steps = [
      [lender(24_005), user],
      [lender(24_000), guarded()],
    ].map((all) => ({ instances: all.map(kin) }));
    expect(openTo(24_005, played(steps.slice(0, 1)))).toEqual(["opened", "tenant"]);
    expect(openTo(24_000, played(steps))).toEqual([]);
  });
});

describe("a service under a demand that waits since it flaps is there all the same", () => {
  const back = guarded({ tags: [...guarded().tags, `${SERVER.replace("all", "guarded")}.port=24005`] });
  const calming = { ...settings({ routes: { flapping: { perMinute: 1, every: "10s" } } }), policy: POLICY };
  const flapping = [{ instances: [back] }, { instances: [] }, { instances: [back] }, { instances: [] }];

  test.each(["24000", "24005"])("at port %s", (port) => {
    const other = tenant([`${SERVER}.port=${port}`]);
    const waits = played([...flapping, { instances: [other] }, { instances: [other, back] }], calming);
    expect(waits.diagnostics.map(({ code }) => code)).toContain("SERVICE_FLAPPING");
    expect(JSON.stringify(waits.chart["http/services"].get("guarded"))).toContain('"servers":[]');
    expect(openTo(Number(port), waits)).toEqual([]);
    const held = played([...flapping, { instances: [other] }, { instances: [back] }], calming);
    expect(openTo(Number(port), held)).toEqual([]);
  });
});

describe("a held router leads nowhere past a demand by a port that its service had", () => {
  const own = tenant([], { port: 24_000 });
  test.each(RETURNS)("and that one under it, which had it before, has again: it comes back %s", (_, overrides) => {
    const back = guarded(overrides);
    for (const steps of [
      [[guarded()], [own], [], [back]],
      [[guarded()], [], [own], [], [back]],
      [[guarded()], [own], [back]],
    ]) {
      const decision = played(steps.map((instances) => ({ instances, isReset: instances.length === 0 })));
      expect(openTo(24_000, decision)).toEqual([]);
      for (const at of steps.keys()) {
        const restarted = steps.map((instances, position) => ({
          ...{ instances, isReset: instances.length === 0, isRestarted: position === at },
        }));
        expect(openTo(24_000, played(restarted))).toEqual([]);
      }
    }
  });
});

describe("an innocent router is held as before", () => {
  const neighbour = instance({ ...NODE, service: "neighbour", id: "neighbour-1", port: 24_010, createIndex: 5 });
  const other = tenant([`${SERVER}.url=http://10.9.0.5:24000`]);

  test.each(CATALOGS)("%s: beside one that goes", (catalog) => {
    const [one, two, three] = [neighbour, other, guarded({ checks: CRITICAL })].map((all) => ({ ...all, catalog }));
    const steps = [{ instances: [guarded({ catalog }), one!] }, { instances: [two!, one!] }];
    const held = [...steps, { instances: [], isReset: true }, { instances: [three!] }];
    expect(openTo(24_010, played(held))).toEqual(["neighbour"]);
    expect(openTo(24_010, played([...held, { instances: [three!, one!] }]))).toEqual(["neighbour"]);
  });

  test("where it comes back at its place, which one under a demand claims from another machine meanwhile", () => {
    const evil = guarded({ node: "node-3", nodeAddress: "10.9.0.7", address: "10.9.0.5", port: 24_010 });
    const held = [{ instances: [neighbour] }, { instances: [], isReset: true }, { instances: [evil] }];
    expect(openTo(24_010, played(held))).toEqual(["neighbour"]);
    expect(openTo(24_010, played([...held, { instances: [evil], isRestarted: true }]))).toEqual(["neighbour"]);
    expect(openTo(24_010, played([...held, { instances: [evil, neighbour] }]))).toEqual(["neighbour"]);
  });

  test("at a tagged address, too", () => {
    const tagged = { taggedAddresses: { wan: { address: "203.0.113.5", port: 0 } } };
    const wan = { ...neighbour, ...tagged, tags: ["traefik.enable=true", "portolan.address=wan"] };
    const evil = guarded({ ...tagged, node: "node-3", nodeAddress: "10.9.0.7", port: 24_010 });
    const held = [{ instances: [wan] }, { instances: [], isReset: true }, { instances: [evil] }];
    expect(openTo(24_010, played(held))).toEqual(["neighbour"]);
    expect(openTo(24_010, played([...held, { instances: [evil] }]))).toEqual(["neighbour"]);
  });

  test("where it shares its port with one under a demand that is back first", () => {
    const shared = guarded({ port: 24_010 });
    const all = [{ instances: [neighbour, shared] }, { instances: [neighbour] }, { instances: [], isReset: true }];
    expect(openTo(24_010, played([...all, { instances: [shared] }]))).toEqual(["neighbour"]);
  });

  test("where it names a place elsewhere, and has the middleware that is demanded there", () => {
    const dressed = tenant([...other.tags.slice(1), "traefik.http.routers.tenant.middlewares=jwt@file"]);
    const { chart } = played([guarded(), dressed, guarded({ checks: CRITICAL })].map((one) => ({ instances: [one] })));
    expect(chart["http/routers"].has("tenant")).toBe(true);
  });
});

describe("a router from before the policy is held until it is confirmed", () => {
  const before = { ...settings(), id: "old" };
  const after = { ...SETTINGS, id: "new" };
  const bare = guarded({ tags: ["traefik.enable=true"] });

  test("to the service itself", () => {
    const { memory } = pass([bare], { settings: before });
    const held = pass([bare], { settings: after, previous: memory });
    expect(held.memory.removals.holds).toMatchObject([{ kind: "settings-change" }]);
    expect(openTo(24_000, held)).toEqual(["guarded"]);
    const next = pass([bare], { settings: after, previous: initialMemory(held.chart, held.memory) });
    expect(openTo(24_000, next)).toEqual(["guarded"]);
  });
});
