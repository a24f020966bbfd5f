import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeExposure, mayBeExposed } from "../../../../src/core/traefik/decode/exposure.ts";
import { labelsOf } from "../../../../src/core/traefik/labels/labels.ts";

function exposure(tags: readonly string[], exposedByDefault = false, prefix = "traefik"): string {
  const result = decodeExposure("consul", labelsOf(tags, prefix), exposedByDefault);
  if (result.kind === "refused") return result.problems.map(({ code }) => code).join();
  if (result.kind === "hidden") return "hidden";
  return `exposed${result.canary ? " canary" : ""}${result.connect ? " connect" : ""}`;
}

test.each<[string, string[], string]>([
  ["nothing said: the default decides", [], "hidden"],
  ["enabled", ["traefik.enable=true"], "exposed"],
  ["E6: the key's case does not matter", ["traefik.Enable=true"], "exposed"],
  ["E4: any of Go's spellings of true", ["traefik.enable=T"], "exposed"],
  ["E4: 1 is true", ["traefik.enable=1"], "exposed"],
  ["disabled", ["traefik.enable=false"], "hidden"],
  ["E1: yes is no boolean", ["traefik.enable=yes"], "TAG_BAD_VALUE"],
  ["nothing is no boolean", ["traefik.enable="], "TAG_BAD_VALUE"],
  ["E3: of two spellings the one that sorts later wins", ["traefik.enable=true", "traefik.Enable=false"], "exposed"],
  ["E3: of two tags the later wins", ["traefik.enable=true", "traefik.enable=false"], "hidden"],
  ["E7: the filter has no boundary", ["traefik.enabled=true"], "TAG_UNKNOWN_KEY"],
  ["E7: keys are not trimmed", ["traefik.enable =true"], "TAG_UNKNOWN_KEY"],
  ["E7: unknown consulcatalog fields", ["traefik.consulcatalog.foo=x"], "TAG_UNKNOWN_KEY"],
  ["a boolean has no fields", ["traefik.enable.foo=x"], "TAG_UNKNOWN_KEY"],
  ["T7: a stray bracket is a problem of this instance alone", ["traefik.enable]=x"], "TAG_UNPARSABLE"],
  ["consulcatalog without a field is ignored", ["traefik.consulcatalog=x", "traefik.enable=true"], "exposed"],
  ["a bad http tag does not matter here", ["traefik.http..x=1", "traefik.enable=true"], "exposed"],
  ["a canary", ["traefik.enable=true", "traefik.ConsulCatalog.Canary=true"], "exposed canary"],
  ["Connect", ["traefik.enable=true", "traefik.consulcatalog.connect=1"], "exposed connect"],
  ["neither exposes anything", ["traefik.consulcatalog.connect=true", "traefik.consulcatalog.canary=true"], "hidden"],
  [
    "canary=false and connect=false say what is anyway",
    ["traefik.enable=true", "traefik.consulcatalog.canary=false", "traefik.consulcatalog.connect=false"],
    "exposed",
  ],
])("%s", (_, tags, expected) => {
  expect(exposure(tags)).toBe(expected);
});

test.each<["consul" | "nomad", string, boolean]>([
  ["consul", "traefik.consulcatalog.canary=true", true],
  ["consul", "traefik.ConsulCatalog.Canary=1", true],
  ["consul", "traefik.nomad.canary=true", true],
  ["consul", "traefik.consulcatalog.canary=false", false],
  ["consul", "traefik.nomad.canary=yes", false],
  ["nomad", "traefik.nomad.canary=true", true],
  ["nomad", " traefik.nomad.canary = TRUE ", true],
  ["nomad", "traefik.consulcatalog.canary=true", true],
  ["nomad", "traefik.nomad.canary=1", false],
  ["nomad", "traefik.nomad.Canary=true", false],
])("in %s %s marks a canary: %s", (catalog, tag, marked) => {
  const labels = labelsOf(["traefik.enable=true", tag.trimStart()], "traefik", catalog);
  expect(decodeExposure(catalog, labels, false)).toMatchObject({ kind: "exposed", markedCanary: marked });
});

test("exposedByDefault exposes what says nothing, and nothing that says no", () => {
  expect(exposure([], true)).toBe("exposed");
  expect(exposure(["traefik.enable=false"], true)).toBe("hidden");
});

test("another prefix has another switch, and problems quote it", () => {
  expect(exposure(["edge.enable=true"], false, "edge")).toBe("exposed");
  expect(exposure(["traefik.enable=true"], false, "edge")).toBe("hidden");
  const result = decodeExposure("consul", labelsOf(["edge.enable=yes"], "edge"), false);
  expect(result).toMatchObject({
    problems: [{ tag: "edge.enable=yes", message: expect.stringContaining('key "edge.enable" has "yes"') }],
  });
});

describe("mayBeExposed", () => {
  test.each<[string[], boolean]>([
    [[], false],
    [["web", "traefik.http.routers.a.rule=x"], false],
    [["traefik.enable=false"], false],
    [["traefik.enable=false", "traefik.enable=true"], true],
    [["traefik.enable=yes"], true],
    [["traefik.enabled=true"], true],
    [["Traefik.enable=true"], false],
  ])("of %j is %s", (tags, expected) => {
    expect(mayBeExposed("consul", tags, "traefik", false)).toBe(expected);
  });

  test("is always true where exposure is the default", () => {
    expect(mayBeExposed("consul", ["traefik.enable=false"], "traefik", true)).toBe(true);
  });

  test("is never false for a service with an instance that is exposed or has a problem", () => {
    const key = fc.constantFrom("enable", "Enable", "enabled", "enable.x", "enable]", "consulcatalog.canary", "http.x");
    const tag = fc
      .tuple(key, fc.constantFrom("true", "false", "1", "0", "", "yes"))
      .map(([k, v]) => `traefik.${k}=${v}`);
    const instances = fc.array(fc.array(tag, { maxLength: 4 }), { maxLength: 3 });
    fc.assert(
      fc.property(instances, fc.boolean(), (tagsOfInstances, exposedByDefault) => {
        const visible = tagsOfInstances.some((tags) => exposure(tags, exposedByDefault) !== "hidden");
        if (visible) expect(mayBeExposed("consul", tagsOfInstances.flat(), "traefik", exposedByDefault)).toBe(true);
      }),
    );
  });
});
