import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { translateInstance } from "../../../src/core/instances/instance.ts";
import { contributionOf, disagreementsIn } from "../../../src/core/merge/contribution.ts";
import { serversOf } from "../../../src/core/traefik/chart/servers.ts";
import { instance, settings } from "../../builders/world.ts";

const CORE = settings();
const MARKS = { consul: "traefik.consulcatalog.canary=true", nomad: "traefik.nomad.canary=true" };

function united(instances: readonly ReturnType<typeof instance>[]) {
  const own = instances.map((one) => translateInstance(one, CORE));
  const contribution = contributionOf(own);
  const findings = disagreementsIn(new Map([["shop", own]])).map(
    ({ code, subject, message }) => `${code} ${subject.instance} ${message}`,
  );
  const chart = Object.fromEntries(
    [...contribution].map(([key, { object }]) => [key, object["rule"] ?? serversOf(object).length]),
  );
  return { chart, findings };
}

describe.each(["consul", "nomad"] as const)("in %s", (catalog) => {
  const stable = (id: string) =>
    instance({
      catalog,
      id,
      service: "shop",
      tags: ["traefik.enable=true", "traefik.http.routers.shop.rule=Host(`a`)"],
    });
  const canary = (id: string, rule: string) =>
    instance({
      catalog,
      id,
      service: "shop",
      tags: ["traefik.enable=true", MARKS[catalog], `traefik.http.routers.shop.rule=${rule}`],
    });

  test("whatever registered first, the router is that of the stable instances", () => {
    const all = [stable("one"), stable("two"), canary("three", "Host(`a`)"), canary("four", "Host(`b`)")].map(
      (one, index) => ({ ...one, port: 24_000 + index }),
    );
    fc.assert(
      fc.property(
        fc.shuffledSubarray(all, { minLength: all.length }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: all.length, maxLength: all.length }),
        (order, indexes) => {
          const { chart, findings } = united(order.map((one, index) => ({ ...one, createIndex: indexes[index] ?? 1 })));
          expect(chart).toMatchObject({ "http/routers/shop": "Host(`a`)", "http/services/shop": 2 });
          expect(findings.map((text) => text.split(" ").slice(0, 3).join(" ")).sort()).toEqual([
            "CANARY_LEFT_OUT four http/routers/shop",
            "CANARY_LEFT_OUT three http/routers/shop",
          ]);
        },
      ),
    );
  });

  test("without a stable instance the newest canary counts", () => {
    const alone = [canary("three", "Host(`a`)"), canary("four", "Host(`b`)")];
    const { chart, findings } = united(alone.map((one, index) => ({ ...one, createIndex: index })));
    expect(chart["http/routers/shop"]).toBe("Host(`b`)");
    expect(findings).toEqual([expect.stringContaining("DEFINITION_SUPERSEDED three")]);
  });
});
