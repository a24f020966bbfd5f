import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Acl, createAcl } from "../../src/simulator/acl/acl.ts";
import { parseRules } from "../../src/simulator/acl/rules.ts";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { createFakeClock } from "../fakes/fake-clock.ts";
import { type CatalogClient, createCatalogClient } from "../support/catalog-client.ts";

const MANAGEMENT = "the-management";
const READ = 'service_prefix "" { policy = "read" } node_prefix "" { policy = "read" }';

test("a token expires by the clock, and is then an unknown one", async () => {
  const clock = createFakeClock();
  const acl = createAcl({ managementToken: MANAGEMENT, ttlMinMs: 0, clock });
  acl.writePolicy({ Name: "read", Rules: READ });
  const { SecretID } = acl.createToken({ Policies: ["read"], ExpirationTTL: "1s" });
  expect(acl.access(SecretID).can("read", "service", "web")).toBe(true);
  await clock.advance(1_000);
  expect(() => acl.access(SecretID)).toThrow("ACL not found");
  expect(acl.token(SecretID)).toBeUndefined();
});

test("a policy that is written again changes what its tokens may do", () => {
  const acl = createAcl({ managementToken: MANAGEMENT });
  acl.writePolicy({ Name: "read", Rules: READ });
  const { SecretID } = acl.createToken({ SecretID: "own", Policies: ["read"] });
  acl.writePolicy({ Name: "read", Rules: "" });
  expect(acl.access(SecretID).can("read", "service", "web")).toBe(false);
});

test.each([
  ['service "web" { policy = "red" }', 'Invalid service policy: "red", want read, write or deny'],
  ['operator = "read"', 'the embedded catalog cannot read the rule "operator = \\"read\\""'],
])("rules that cannot be read are refused: %s", (rules, message) => {
  expect(() => parseRules(rules)).toThrow(message);
});

test("rules on other things are read over", () => {
  expect(parseRules(`key_prefix "" { policy = "read" }\n${READ}`)).toHaveLength(2);
});

test("a server without ACLs says so wherever one with them answers", async () => {
  const server = await startCatalogServer({ catalog: createCatalog() });
  const { routes } = createAcl({ managementToken: MANAGEMENT });
  expect(routes.length).toBeGreaterThan(5);
  for (const { method, path } of routes) {
    const answer = await fetch(`${server.url}${path}`, { method });
    expect({ method, path, status: answer.status, body: await answer.text() }).toEqual({
      method,
      path,
      status: 401,
      body: "ACL support disabled",
    });
  }
  await server.close();
});

describe("the headers of Consul 1.13", () => {
  let acl: Acl;
  let server: CatalogServer;
  let client: CatalogClient;
  beforeAll(async () => {
    const catalog = createCatalog();
    catalog.register({ Node: "n1", Address: "10.0.0.1", Service: { Service: "web" } });
    catalog.register({ Node: "n1", Address: "10.0.0.1", Service: { Service: "db" } });
    acl = createAcl({ managementToken: MANAGEMENT });
    server = await startCatalogServer({ catalog, acl, version: "1.13" });
    client = createCatalogClient(server.url, MANAGEMENT);
  });
  afterAll(() => server.close());

  const FACTS = ["x-consul-query-backend", "x-consul-knownleader", "x-consul-lastcontact"];

  test.each([
    ["/v1/health/service/web", "", ["blocking-query", "true", "0"]],
    ["/v1/health/service/web", "index=1", ["streaming", null, null]],
    ["/v1/health/service/web", "cached", ["streaming", null, null]],
    ["/v1/catalog/services", "index=1", ["blocking-query", "true", "0"]],
  ])("%s?%s comes from its backend, and the stream knows nothing of the leader", async (path, params, expected) => {
    const { headers } = await client.get(path, params);
    expect(FACTS.map((name) => headers.get(name))).toEqual(expected);
    expect(headers.get("x-consul-effective-consistency")).toBe("leader");
  });

  test.each([
    ["/v1/catalog/services", "true"],
    ["/v1/health/service/db", "true"],
    ["/v1/health/service/web", null],
    ["/v1/catalog/node/n1", "true"],
  ])("%s shows a token, and neither management nor anonymous, that something was left out", async (path, expected) => {
    const rules = 'service "web" { policy = "read" } node_prefix "" { policy = "read" }';
    acl.writePolicy({ Name: "some", Rules: rules });
    const { SecretID } = acl.createToken({ Policies: ["some"] });
    const filtered = async (token: string) =>
      (await createCatalogClient(server.url, token).get(path)).headers.get("x-consul-results-filtered-by-acls");
    expect(await filtered(SecretID)).toBe(expected);
    expect(await filtered(MANAGEMENT)).toBeNull();
    expect(await filtered("")).toBeNull();
  });

  test("every answer names the default policy", async () => {
    const { headers } = await createCatalogClient(server.url).get("/v1/catalog/services");
    expect(headers.get("x-consul-default-acl-policy")).toBe("deny");
  });

  test("1.8 sends none of them", async () => {
    const old = await startCatalogServer({ catalog: createCatalog(), acl });
    const { headers } = await createCatalogClient(old.url).get("/v1/catalog/services");
    const names = ["x-consul-query-backend", "x-consul-default-acl-policy", "x-consul-results-filtered-by-acls"];
    expect(names.map((name) => headers.get(name))).toEqual([null, null, null]);
    await old.close();
  });
});
