import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { translatorLikeTraefik } from "../../../src/core/compat/translator.ts";
import { diagnoseAll } from "../../../src/core/diagnostics/finding.ts";
import { translatorFor as checkedTranslatorFor } from "../../../src/core/instances/instance.ts";
import { initialMemory } from "../../../src/core/memory.ts";
import { reconcileInSteps } from "../../../src/core/reconcile.ts";
import { serversOf } from "../../../src/core/traefik/chart/servers.ts";
import { instance, NOW_MS, pass, settings, snapshot } from "../../builders/world.ts";

const ENABLE = "traefik.enable=true";

function tags(count: number, tagOf: (position: number) => string): readonly string[] {
  return [ENABLE, ...Array.from({ length: count - 1 }, (_, position) => tagOf(position))];
}

const router = (position: number) => `traefik.http.routers.r${position}.rule=Host(\`h${position}.test\`)`;

function codesOf(overrides: Partial<ServiceInstance>, compat: "none" | "traefik" = "none"): readonly string[] {
  const translatorFor = compat === "traefik" ? translatorLikeTraefik : checkedTranslatorFor;
  const { state } = translatorFor(settings({ compat }))(instance(overrides));
  return "diagnostics" in state ? state.diagnostics.map(({ code }) => code) : [state.kind];
}

describe("an instance that is larger than one may be is quarantined, and no other", () => {
  test.each<[string, Partial<ServiceInstance>]>([
    ["10,000 routers", { tags: tags(10_001, router) }],
    ["100,000 tags that mean nothing", { tags: tags(100_000, (position) => `note-${position}`) }],
    ["a tag of 1 MB", { tags: [ENABLE, `traefik.http.routers.r.rule=${"x".repeat(1_000_000)}`] }],
    ["metadata of 1 MB", { meta: { note: "x".repeat(1_000_000) } }],
    ["a check's name of 1 MB", { checks: [{ id: "c", name: "x".repeat(1_000_000), status: "passing" }] }],
    ["an id of 1 MB", { id: "x".repeat(1_000_000) }],
    ["a node's name of 1 MB", { node: "x".repeat(1_000_000) }],
  ])("%s", (_, overrides) => {
    const { chart, diagnostics } = pass([instance({ service: "large", ...overrides }), instance({ service: "other" })]);
    expect(diagnostics.map(({ code }) => code)).toEqual(["REGISTRATION_TOO_LARGE"]);
    expect(JSON.stringify(diagnostics).length).toBeLessThan(3_000);
    expect([...chart["http/routers"].keys()]).toEqual(["other"]);
  });

  test("the diagnostic names what was found, the bound and the remedy", () => {
    const [diagnostic] = pass([instance({ tags: tags(1_001, router) })]).diagnostics;
    expect(diagnostic?.message).toBe("the registration has 1001 tags, at most 1000 are allowed");
    expect(diagnostic?.remedy).toContain("several services");
  });

  test("as much as is allowed is routed", () => {
    expect(pass([instance({ tags: tags(1_000, router) })]).chart["http/routers"].size).toBe(999);
    expect(codesOf({ meta: { note: "x".repeat(262_000) } })).toEqual([]);
  });

  test("who asks for no route may be as large as he likes", () => {
    expect(codesOf({ tags: Array.from({ length: 5_000 }, (_, position) => `note-${position}`) })).toEqual(["hidden"]);
  });

  test("with compat: traefik it counts as it does there", () => {
    const decision = pass([instance({ tags: tags(2_000, router) })], { settings: settings({ compat: "traefik" }) });
    expect(decision.chart["http/routers"].size).toBe(1_999);
  });
});

describe.each(["none", "traefik"] as const)("compat: %s", (compat) => {
  test("a service's name that would be too long a key for Traefik's parser is never written", () => {
    const long = instance({ service: "x".repeat(1_023) });
    const { text, diagnostics } = pass([long, instance()], { settings: settings({ compat }) });
    expect(diagnostics.map(({ code }) => code)).toEqual(["NAME_TOO_LONG"]);
    expect(text).not.toContain("xxx");
    expect(text).toContain('"web"');
  });

  test("nor is one that a catalog's name before it makes too long", () => {
    const named = { catalogName: "dc1", source: "s", freshness: "live", readAtMs: 0 } as const;
    const snapshots = [1_018, 1_019].map((length) => ({
      ...named,
      instances: [instance({ catalogName: "dc1", service: "x".repeat(length) })],
    }));
    const codes = snapshots.map((one) =>
      pass([], { snapshots: [one], settings: settings({ compat, equalNames: "prefix" }) }).diagnostics.map(
        ({ code }) => code,
      ),
    );
    expect(codes).toEqual([[], ["NAME_TOO_LONG"]]);
  });

  test("of thousands of mistakes in one instance the first are told, and how many more there are", () => {
    const bad = instance({ tags: tags(901, (position) => `traefik.http.bad${position}=x`) });
    const { diagnostics } = pass([bad], { settings: settings({ compat }) });
    expect(diagnostics).toHaveLength(21);
    expect(diagnostics.at(-1)).toMatchObject({ code: "FINDINGS_CUT", severity: "warning" });
    expect(diagnostics.at(-1)?.message).toContain("880 more");
  });
});

test("texts of a diagnostic are cut, never in the midst of a character", () => {
  const finding = { code: "TAG_BAD_VALUE", message: "m", remedy: "r" } as const;
  const [diagnostic] = diagnoseAll(instance({ id: `${"x".repeat(299)}😀${"y".repeat(700)}` }), [
    { ...finding, message: "m".repeat(5_000), tag: "t".repeat(5_000), spot: { in: "key", text: "t".repeat(5_000) } },
  ]);
  expect(diagnostic?.subject.instance).toBe(`${"x".repeat(299)}… (1001 characters)`);
  expect(diagnostic?.message).toBe(`${"m".repeat(2_000)}… (5000 characters)`);
  expect(JSON.stringify(diagnostic).length).toBeLessThan(5_500);
});

test("between any two of its thousand routers a pass gives others their turn: when merged, when judged, when told", () => {
  const snapshots = [snapshot([instance({ tags: tags(1_000, router) })])];
  const input = { snapshots, previous: initialMemory(undefined), settings: settings(), nowMs: NOW_MS };
  const steps = Array.from(reconcileInSteps(input));
  expect(steps.length).toBeGreaterThan(3 * 999);
});

test("20,000 instances of one service are one route with a server for each address", () => {
  const instances = Array.from({ length: 20_000 }, (_, position) =>
    instance({ id: `web-${position}`, port: 20_000 + (position % 12_000), address: `10.0.0.${position % 7}` }),
  );
  const { changes, chart } = pass(instances);
  expect(changes).toHaveLength(1);
  const addresses = new Set(instances.map(({ address, port }) => `${address}:${port}`));
  expect(serversOf(chart["http/services"].get("web") ?? {})).toHaveLength(addresses.size);
}, 120_000);
