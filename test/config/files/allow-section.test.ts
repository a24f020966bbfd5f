import { expect, test } from "vitest";
import { resolveSettings } from "../../../src/config/resolve/resolve.ts";

function resolve(allow: unknown) {
  const content = { output: { file: "chart.yml" }, stateDir: "state", allow };
  return resolveSettings({ file: { name: "portolan.yml", content }, environment: {}, flags: {} });
}

test("methods are upper case whatever the spelling; an entry may be about all services", () => {
  expect(resolve([{ healthCheckMethods: ["post"] }])).toMatchObject({
    kind: "resolved",
    settings: { allow: [{ healthCheckMethods: ["POST"] }] },
  });
});

test("what opens something is part of what routes depend on", () => {
  const [none, some] = [resolve([]), resolve([{ healthCheckSend: true }])];
  expect([none.kind, some.kind]).toEqual(["resolved", "resolved"]);
  expect(none).not.toMatchObject({ forRoutes: "forRoutes" in some ? some.forRoutes : [] });
});

test.each<[unknown, string]>([
  [{ service: "sso" }, "allow: found a mapping; a list is allowed"],
  [
    [{ service: "sso" }],
    "allow.0: found a mapping; at least one key that opens something is allowed beside service, job, namespace, node, datacenter: healthCheckMethods, redirects, healthCheckSend, entryPoints, withoutDefaultMiddlewares, uses",
  ],
  [
    [{ services: ["sso"], healthCheckSend: true }],
    "allow.0.services: not a setting; allowed here: service, job, namespace, node, datacenter, healthCheckMethods, redirects, healthCheckSend, entryPoints, withoutDefaultMiddlewares, uses",
  ],
  [
    [{ healthCheckMethods: ["GET /"] }],
    'allow.0.healthCheckMethods.0: found "GET /"; a method such as "POST" is allowed',
  ],
  [[{ healthCheckSend: "yes" }], 'allow.0.healthCheckSend: found "yes"; true or false is allowed'],
  [[{ service: "", uses: ["a"] }], 'allow.0.service: found ""; a text of at least 1 character is allowed'],
])("%j is refused with what is allowed", (allow, expected) => {
  expect(resolve(allow)).toEqual({ kind: "refused", errors: [`${expected} (portolan.yml)`] });
});
