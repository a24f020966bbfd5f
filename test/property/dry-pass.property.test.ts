import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dryPass } from "../../src/app/dry-pass/dry-pass.ts";
import { createDryWorld, type DryWorld } from "../app/dry-pass/dry-world.ts";

/** What happens to a running portolan between two passes. */
type Step =
  | { readonly kind: "register"; readonly name: string; readonly port: number; readonly tags: readonly string[] }
  | { readonly kind: "deregister"; readonly name: string }
  | { readonly kind: "reload"; readonly content: Readonly<Record<string, unknown>> };

const name = fc.constantFrom("web", "shop", "wiki", "web-2");
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("register" as const),
      name,
      port: fc.integer({ min: 24_000, max: 24_004 }),
      tags: fc.subarray([
        "traefik.enable=true",
        "traefik.http.routers.gate.rule=Host(`gate.example.org`)",
        "traefik.http.routers.gate.middlewares=limit",
        "traefik.http.middlewares.limit.ratelimit.average=5",
        "traefik.http.services.back.loadbalancer.sticky.cookie=true",
        "traefik.http.routers.gate.rule=Broken(",
      ]),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("deregister" as const), name }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("reload" as const),
      content: fc.constantFrom(
        {},
        { traefik: { exposedByDefault: true } },
        { ports: { dynamic: "24002-24003" } },
        { traefik: { version: "3.7" } },
        { compat: "traefik" },
      ),
    }),
  },
);

let world: DryWorld;
beforeEach(async () => {
  world = await createDryWorld();
});
afterEach(() => world.close());

/** The daemon remembers what changed lately, and no file does: nothing flaps here. */
const CALM = { routes: { flapping: { perMinute: 1_000 } } };

test("whatever happens, a dry pass says what the running portolan then publishes, and no change right after", async () => {
  await fc.assert(
    fc
      .asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        let settings = world.settings(CALM);
        const running = await world.run(settings);
        try {
          for (const one of steps) {
            if (one.kind === "register") world.service(one.name, one.port, one.tags);
            else if (one.kind === "deregister") world.remove(one.name);
            const next = one.kind === "reload" ? world.settings({ ...CALM, ...one.content }) : undefined;
            const planned = await dryPass(settings, next === undefined ? {} : { next });
            if (next !== undefined) await running.adopt(next);
            settings = next ?? settings;
            await running.pass();
            const published = readFileSync(world.chart, "utf8");
            const [main] = planned.edges;
            expect((main.next ?? main.present).decision.text).toBe(published);
            expect((await dryPass(settings)).edges[0].present.decision.text).toBe(published);
          }
        } finally {
          await running.stop();
        }
      })
      .beforeEach(async () => {
        await world.close();
        world = await createDryWorld();
      }),
    { numRuns: 8 },
  );
});
