import fc from "fast-check";
import { expect, test } from "vitest";
import { type ServiceInstance, serviceKey } from "../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../src/core/decision.ts";
import { withoutCaches } from "../../src/core/memory.ts";
import { policyWith, printsPolicy } from "../builders/printed-policy.ts";
import { instance, pass, settings } from "../builders/world.ts";

const host = fc.constantFrom("Host(`a.org`)", "Host(`b.org`)", "Host(`a.org`) || Host(`b.org`)");
const path = fc.constantFrom("PathPrefix(`/`)", "PathPrefix(`/api`)", "Path(`/api/v1`)", "!Path(`/x`)");
const rule = fc.oneof(
  { weight: 3, arbitrary: host },
  { weight: 3, arbitrary: fc.tuple(host, path).map(([one, other]) => `(${one}) && ${other}`) },
  { weight: 2, arbitrary: path },
  {
    weight: 1,
    arbitrary: fc.constantFrom("HostRegexp(`^.+\\.org$`)", "HostRegexp(`^.+\\.org$`) && PathPrefix(`/api`)"),
  },
);
const ALLOCATIONS = ["11111111", "22222222"].map((id) => `_nomad-task-${id}-2f6d-4c3b-8a97-6e5d4c3b2a19-group-`);

const asking: fc.Arbitrary<ServiceInstance> = fc
  .record({
    service: fc.constantFrom("one", "two", "three", "four", "five"),
    allocation: fc.constantFrom("", ...ALLOCATIONS),
    routers: fc.array(
      fc.record({
        text: rule,
        priority: fc.constantFrom(0, 0, 1, 1_000),
        entryPoints: fc.constantFrom("", "web", "websecure", "web,websecure"),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    createIndex: fc.nat(6),
  })
  .map(({ service, allocation, routers, createIndex }) => {
    const tags = routers.flatMap(({ text, priority, entryPoints }, i) => {
      const at = `traefik.http.routers.${service}${i}`;
      return [
        `${at}.rule=${text}`,
        ...(priority === 0 ? [] : [`${at}.priority=${priority}`]),
        ...(entryPoints === "" ? [] : [`${at}.entrypoints=${entryPoints}`]),
      ];
    });
    return instance({ service, id: `${allocation}${service}`, createIndex, tags: ["traefik.enable=true", ...tags] });
  });

const CORE = settings();
const catalog = fc.uniqueArray(asking, { maxLength: 6, selector: serviceKey });

function routersOf({ chart }: Decision): readonly string[] {
  return [...chart["http/routers"].keys()];
}

test("the printed lines of a policy, copied as they are, bring the refused router; shared hosts cost no other one", () => {
  fc.assert(
    fc.property(catalog, (instances) => {
      const before = pass(instances);
      for (const { message, remedy } of before.diagnostics) {
        if (!printsPolicy(remedy)) continue;
        const core = { ...CORE, policy: policyWith(remedy) };
        const after = pass(instances, { settings: core, previous: withoutCaches(before.memory) });
        const told = `${message} | ${remedy}`;
        expect(routersOf(after), told).toContain(message.split(" ")[0]?.replace("http/routers/", ""));
        if (remedy.includes(" instead, ")) continue;
        expect(routersOf(after), told).toEqual(expect.arrayContaining([...routersOf(before)]));
        expect(after.memory.removals.holds, told).toEqual([]);
      }
    }),
    { numRuns: 100 },
  );
});
