import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../../src/core/decision.ts";
import { initialMemory, withoutCaches } from "../../../src/core/memory.ts";
import { instance, NOW_MS, pass } from "../../builders/world.ts";

const BREAKER = "circuitbreaker.expression=NetworkErrorRatio() > 0.5";

/** A service with a router for each number, which leads to so many circuit breakers of 128 KiB. */
function breaking(service: string, breakers: readonly number[], createIndex = 10): ServiceInstance {
  return instance({
    service,
    id: service,
    createIndex,
    tags: [
      "traefik.enable=true",
      `traefik.http.middlewares.${service}.${BREAKER}`,
      ...breakers.flatMap((count, at) => [
        `traefik.http.routers.${service}-${at}.rule=Host(\`${service}-${at}.example.org\`)`,
        `traefik.http.routers.${service}-${at}.middlewares=${Array.from({ length: count }, () => service)}`,
      ]),
    ],
  });
}

function routersOf({ chart }: Decision): readonly string[] {
  return [...chart["http/routers"].keys()].sort();
}

function codesOf({ diagnostics }: Decision): readonly string[] {
  return diagnostics.map(({ code, subject }) => `${subject.service} ${code}`);
}

/** Some 8 MiB each: 32 MiB for a service, so that four fit. */
const FULL = [60, 60, 60, 60];

test("the routers of one service come to 32 MiB and no more", () => {
  const decision = pass([breaking("heavy", [...FULL, 60, 1]), instance()]);
  expect(routersOf(decision)).toEqual(["heavy-0", "heavy-1", "heavy-2", "heavy-3", "heavy-5", "web"]);
  expect(codesOf(decision)).toEqual(["heavy BUDGET_EXCEEDED"]);
});

describe("where many services ask for more than there is for all", () => {
  const greedy = Array.from({ length: 9 }, (_, at) => breaking(`greedy-${at}`, FULL, 100 + at));
  const first = pass(greedy);

  test("the last ones do not get it, and are told who takes most", () => {
    expect(routersOf(first)).toHaveLength(8 * 4 + 2);
    expect(new Set(codesOf(first))).toEqual(new Set(["greedy-8 BUDGET_EXCEEDED"]));
    expect(first.diagnostics[0]?.message).toContain('the most is taken by "greedy-0" (');
  });

  test("an ordinary service is served all the same, and one that was there before stays", () => {
    const before = pass([breaking("gateway", FULL, 500)]);
    const decision = pass([breaking("gateway", FULL, 500), breaking("ordinary", [1], 600), ...greedy], {
      previous: before.memory,
    });
    expect(routersOf(decision)).toEqual(expect.arrayContaining(["gateway-0", "gateway-3", "ordinary-0"]));
  });

  test("the same over a restart: who is first is in the chart", () => {
    const before = pass([breaking("gateway", FULL, 500)]);
    const decision = pass([breaking("gateway", FULL, 500), ...greedy], { previous: initialMemory(before.chart) });
    expect(routersOf(decision)).toEqual(expect.arrayContaining(["gateway-0", "gateway-3"]));
  });

  test("what was given is given to the next when its service is gone for good", () => {
    const left = pass(greedy.slice(1), { previous: first.memory });
    const later = pass(greedy.slice(1), { previous: left.memory, nowMs: NOW_MS + 3_600_000 });
    expect(routersOf(later)).toEqual(greedy.slice(1).flatMap((_, at) => FULL.map((_, n) => `greedy-${at + 1}-${n}`)));
    expect(codesOf(later)).toEqual([]);
  });
});

test("who grows by what it borrows is left out, and its host stays its own", () => {
  const user = instance({
    service: "user",
    id: "user",
    tags: [
      "traefik.enable=true",
      "traefik.http.routers.user.rule=Host(`user.org`)",
      "traefik.http.routers.user.middlewares=shared",
    ],
  });
  const definer = (...tags: readonly string[]) =>
    instance({ service: "definer", id: "definer", tags: ["traefik.enable=true", ...tags] });
  const before = pass([user, definer("traefik.http.middlewares.shared.stripprefix.prefixes=/a")]);
  const bomb = Array.from(
    { length: 20 },
    (_, at) => `traefik.http.middlewares.${at === 0 ? "shared" : `b${at}`}.chain.middlewares=b${at + 1},b${at + 1}`,
  );
  const bombed = [user, definer(...bomb, "traefik.http.middlewares.b20.stripprefix.prefixes=/a")];
  const thief = instance({
    service: "thief",
    id: "thief",
    createIndex: 99,
    tags: ["traefik.enable=true", "traefik.http.routers.thief.rule=Host(`user.org`)"],
  });
  const after = pass(bombed, { previous: before.memory });
  expect(after.changes).toMatchObject([{ kind: "removed", router: "user", why: { kind: "quarantined" } }]);
  expect(routersOf(pass([...bombed, thief], { previous: after.memory }))).toEqual(["definer"]);
});

test("however the middlewares change, a pass comes to what it comes to without what it remembers", () => {
  const links = fc.array(fc.tuple(fc.nat(5), fc.array(fc.nat(5), { maxLength: 4 })), { maxLength: 6 });
  const world = fc.record({ links, users: fc.array(fc.nat(7), { minLength: 1, maxLength: 4 }) });
  const instances = ({ links: chains, users }: { links: [number, number[]][]; users: number[] }) => [
    ...chains.map(([at, below], n) =>
      instance({
        service: `d${n}`,
        id: `d${n}`,
        tags: [
          "traefik.enable=true",
          `traefik.http.middlewares.m${at}.chain.middlewares=${["leaf", ...below.map((one) => `m${one}`)]}`,
        ],
      }),
    ),
    instance({
      service: "leaf",
      id: "leaf",
      tags: ["traefik.enable=true", `traefik.http.middlewares.leaf.${BREAKER}`],
    }),
    ...users
      .map((at, n) => breaking(`u${n}`, [0, at * 9]))
      .map((one, n) => ({ ...one, tags: [...one.tags, `traefik.http.routers.u${n}-0.middlewares=m${users[n]}`] })),
  ];
  fc.assert(
    fc.property(fc.array(world, { minLength: 1, maxLength: 5 }), (worlds) => {
      let memory = initialMemory(undefined);
      for (const [step, one] of worlds.entries()) {
        const nowMs = NOW_MS + step * 1_000;
        const reported = instances(one as { links: [number, number[]][]; users: number[] });
        const decision = pass(reported, { previous: memory, nowMs });
        const again = pass(reported, { previous: withoutCaches(memory), nowMs });
        expect(again.text).toBe(decision.text);
        expect(again.diagnostics).toEqual(decision.diagnostics);
        memory = decision.memory;
      }
    }),
    { numRuns: 40 },
  );
});
