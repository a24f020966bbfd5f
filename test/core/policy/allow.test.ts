import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { allowRemedy, allows, type Opened } from "../../../src/core/policy/allow.ts";
import { instance, settings } from "../../builders/world.ts";

const SSO = instance({ service: "sso", namespace: "team" });

describe("what is open to the service sso", () => {
  test.each<[string, readonly unknown[], Opened, boolean]>([
    ["nothing, by default", [], { healthCheckSend: true }, false],
    [
      "what its entry names",
      [{ service: "sso", namespace: "team", healthCheckMethods: ["POST"] }],
      { healthCheckMethods: ["POST"] },
      true,
    ],
    [
      "nothing else of the kind",
      [{ service: "sso", namespace: "team", healthCheckMethods: ["POST"] }],
      { healthCheckMethods: ["PUT"] },
      false,
    ],
    [
      "nothing of another kind",
      [{ service: "sso", namespace: "team", healthCheckMethods: ["POST"] }],
      { healthCheckSend: true },
      false,
    ],
    ["not what an entry names for the default namespace", [{ service: "sso", uses: ["a"] }], { uses: ["a"] }, false],
    [
      "what an entry names for every namespace",
      [{ service: "sso", namespace: "*", uses: ["a"] }],
      { uses: ["a"] },
      true,
    ],
    [
      "not what an entry about others names",
      [{ service: "web", healthCheckSend: true }],
      { healthCheckSend: true },
      false,
    ],
    ["what an entry about all names", [{ healthCheckSend: true }], { healthCheckSend: true }, true],
    ["not what says false", [{ healthCheckSend: false }], { healthCheckSend: true }, false],
    [
      "what a pattern names",
      [{ service: "s*", namespace: "te*", entryPoints: ["mq*"] }],
      { entryPoints: ["mqtt"] },
      true,
    ],
    [
      "not in another namespace",
      [{ service: "sso", namespace: "prod", uses: ["a@docker"] }],
      { uses: ["a@docker"] },
      false,
    ],
    [
      "what several entries name together",
      [{ uses: ["*@docker"] }, { service: "sso", namespace: "team", uses: ["envoy"] }],
      { uses: ["secret@docker", "envoy"] },
      true,
    ],
    ["no list of which an item is closed", [{ uses: ["*@docker"] }], { uses: ["secret@docker", "envoy"] }, false],
  ])("%s", (_what, allow, opened, expected) => {
    expect(allows(settings({ allow }), SSO, opened)).toBe(expected);
  });
});

test.each(["", "default"])("an entry without a namespace is about the service of the default one: %j", (namespace) => {
  const opening = settings({ allow: [{ service: "sso", uses: ["a"] }] });
  expect(allows(opening, { ...SSO, namespace }, { uses: ["a"] })).toBe(true);
});

test.each<Opened>([
  { healthCheckMethods: ["POST"] },
  { redirects: true },
  { healthCheckSend: true },
  { entryPoints: ["mqtt"] },
  { uses: ["secret@docker"] },
])("the line that a message has for it opens %j for the service, and for no other one", (opened) => {
  const { remedy, opens } = allowRemedy("open it in", SSO, opened);
  expect(remedy).toBe(`open it in the settings: ${opens?.lines}`);
  const opening = settings(load(opens?.lines ?? "") as Readonly<Record<string, unknown>>);
  expect(allows(opening, SSO, opened)).toBe(true);
  expect(allows(opening, { ...SSO, service: "sso-2" }, opened)).toBe(false);
  expect(allows(opening, { ...SSO, namespace: "prod" }, opened)).toBe(false);
});

test.each([
  [{ service: "*" }, { redirects: true }],
  [{ service: "s*" }, { redirects: true }],
  [{ service: "sso" }, { uses: ["*"] }],
] as const)("no line is printed for %j that opens %j: pasted, it would open it to others", (who, opened) => {
  const { remedy, opens } = allowRemedy("open it in", instance(who), opened);
  expect(opens).toBeUndefined();
  expect(remedy).not.toMatch(/allow: \[/);
});
