import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CatalogAnswer, type CatalogClient, createCatalogClient } from "../support/catalog-client.ts";
import { BACKENDS, type Backend, MANAGEMENT_TOKEN } from "./backends.ts";
import { buildWorld, instance } from "./world.ts";

/** Long enough to tell a wake-up from the end of the wait, on a busy machine. */
const WAIT_MS = 300;

const SERVICES = 'service_prefix "" { policy = "read" }';
const NODES = 'node_prefix "" { policy = "read" }';

const ANONYMOUS = "/v1/acl/token/00000000-0000-0000-0000-000000000002";

/** What an answer shows, as far as the tables below compare it. */
function names({ status, body }: CatalogAnswer): unknown {
  if (status !== 200) return `${status} ${String(body)}`;
  if (!Array.isArray(body)) return body === null ? null : Object.keys(body as object).toSorted(byCodeUnit);
  return body.map((entry) => entry.CheckID ?? entry.Service?.ID ?? entry.ServiceID ?? entry.Node).toSorted(byCodeUnit);
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

const ALL_CHECKS = ["serfHealth", "service:alpha", "service:alpha", "service:beta", "service:delta", "service:gamma"];
const ALL_SERVICES = ["alpha", "beta", "consul", "delta", "gamma"];
const ALL_NODES = ["consul-server", "n1", "n2", "n3"];

/** Rules → what is seen: catalog/services, health/service/alpha, health/state/any, catalog/nodes, a node's services. */
const VIEWS: readonly [string, string, readonly unknown[]][] = [
  ["both", `${SERVICES} ${NODES}`, [ALL_SERVICES, ["alpha", "alpha"], ALL_CHECKS, ALL_NODES, ["alpha", "beta"]]],
  ["services only", SERVICES, [ALL_SERVICES, [], [], [], null]],
  ["nodes only", NODES, [[], [], ["serfHealth"], ALL_NODES, []]],
  ["nothing", "", [[], [], [], [], null]],
  [
    "some services",
    `service "beta" { policy = "read" } service_prefix "a" { policy = "write" } ${NODES}`,
    [
      ["alpha", "beta"],
      ["alpha", "alpha"],
      ["serfHealth", "service:alpha", "service:alpha", "service:beta"],
      ALL_NODES,
      ["alpha", "beta"],
    ],
  ],
  [
    "all but one, since a name goes before a prefix",
    `${SERVICES} service "alpha" { policy = "deny" } ${NODES}`,
    [
      ["beta", "consul", "delta", "gamma"],
      [],
      ["serfHealth", "service:beta", "service:delta", "service:gamma"],
      ALL_NODES,
      ["beta"],
    ],
  ],
  [
    "all but a prefix, since the longer goes before the shorter",
    `service_prefix "al" { policy = "deny" } ${SERVICES} node "n2" { policy = "read" }`,
    [["beta", "consul", "delta", "gamma"], [], ["service:beta"], ["n2"], ["beta"]],
  ],
];

describe.each(BACKENDS)("$name", ({ start }) => {
  describe.skipIf(start === undefined)("with ACLs that deny by default", () => {
    let backend: Backend;
    let admin: CatalogClient;
    beforeAll(async () => {
      backend = await start!({ defaultPolicy: "deny" });
      admin = createCatalogClient(backend.url, MANAGEMENT_TOKEN);
      await buildWorld(admin);
    });
    afterAll(() => backend.stop());

    let made = 0;
    async function policy(rules: string): Promise<string> {
      made += 1;
      const Name = `policy-${made}`;
      expect(await admin.call("PUT", "/v1/acl/policy", { Name, Rules: rules })).toMatchObject({ status: 200 });
      return Name;
    }

    interface TokenShown {
      readonly AccessorID: string;
      readonly SecretID: string;
    }

    async function createToken(rules: string, fields: object = {}): Promise<TokenShown> {
      const body = { Policies: [{ Name: await policy(rules) }], ...fields };
      const answer = await admin.call("PUT", "/v1/acl/token", body);
      expect(answer.status).toBe(200);
      return answer.body as TokenShown;
    }

    const as = (token: string) => createCatalogClient(backend.url, token);

    test.each(VIEWS)("a token for %s sees what it may and nothing of the rest", async (_what, rules, seen) => {
      const client = as((await createToken(rules)).SecretID);
      const [services, health, checks, nodes, node, onNode, instances] = await Promise.all([
        client.get("/v1/catalog/services"),
        client.get("/v1/health/service/alpha"),
        client.get("/v1/health/state/any"),
        client.get("/v1/catalog/nodes"),
        client.get("/v1/catalog/node/n2"),
        client.get("/v1/health/node/n2"),
        client.get("/v1/catalog/service/alpha"),
      ]);
      const services2 = (node.body as { Services: object } | null)?.Services;
      const servicesOnNode = services2 === undefined ? null : Object.keys(services2).toSorted(byCodeUnit);
      expect([names(services), names(health), names(checks), names(nodes), servicesOnNode]).toEqual(seen);
      expect(names(instances)).toEqual(names(health));
      expect(names(onNode)).toEqual((servicesOnNode ?? []).map((name) => `service:${name}`));
    });

    test("the anonymous see nothing, under the ordinary index and without an error", async () => {
      const { index } = await admin.get("/v1/catalog/services");
      const answer = await as("").get("/v1/catalog/services");
      expect(answer).toMatchObject({ status: 200, body: {}, index });
      expect(answer.headers.get("x-consul-knownleader")).toBe("true");
      expect(names(await as("").get("/v1/health/state/any"))).toEqual([]);
    });

    test("the anonymous token can be given a policy", async () => {
      await admin.call("PUT", ANONYMOUS, { Policies: [{ Name: await policy(SERVICES) }] });
      expect(names(await as("").get("/v1/catalog/services"))).toEqual(ALL_SERVICES);
      await admin.call("PUT", ANONYMOUS, { Policies: [] });
      expect(names(await as("").get("/v1/catalog/services"))).toEqual([]);
    });

    test.each(["/v1/catalog/services", "/v1/health/service/alpha", "/v1/health/state/any"])(
      "%s answers an unknown token with 403 and headers that are no facts",
      async (path) => {
        const { status, body, index, headers } = await as("00000000-0000-0000-0000-00000000dead").get(path);
        expect({ status, body, index }).toEqual({ status: 403, body: "ACL not found", index: 1 });
        expect(headers.get("x-consul-knownleader")).toBe("false");
      },
    );

    test("a deleted token is an unknown one, and deleting it again succeeds", async () => {
      const { AccessorID, SecretID } = await createToken(SERVICES);
      expect((await as(SecretID).get("/v1/catalog/services")).status).toBe(200);
      for (const _time of ["once", "again"]) {
        expect(await admin.call("DELETE", `/v1/acl/token/${AccessorID}`)).toMatchObject({ status: 200, body: true });
      }
      expect(await as(SecretID).get("/v1/catalog/services")).toMatchObject({ status: 403, body: "ACL not found" });
    });

    test.each(["policy", "token"])("taking the %s away wakes no open query and moves no index", async (what) => {
      const { AccessorID, SecretID } = await createToken(`${SERVICES} ${NODES}`);
      const client = as(SecretID);
      const before = await client.get("/v1/health/service/alpha");
      const open = client.get("/v1/health/service/alpha", `index=${before.index}&wait=${WAIT_MS}ms`);
      // A blocked query cannot be observed from outside; see blocking.contract.test.ts.
      await sleep(100);
      const path = `/v1/acl/token/${AccessorID}`;
      await (what === "policy" ? admin.call("PUT", path, { Policies: [] }) : admin.call("DELETE", path));
      const answer = await open;
      expect(answer.elapsedMs).toBeGreaterThanOrEqual(WAIT_MS);
      expect(answer).toMatchObject({ status: 200, body: before.body, index: before.index });
      const next = await client.get("/v1/health/service/alpha");
      if (what === "policy") expect(next).toMatchObject({ status: 200, body: [], index: before.index });
      else expect(next).toMatchObject({ status: 403, body: "ACL not found" });
    });

    test("an open query that wakes after its policy was taken away shows nothing any more", async () => {
      const { AccessorID, SecretID } = await createToken(`${SERVICES} ${NODES}`);
      const client = as(SecretID);
      const { index } = await client.get("/v1/health/service/beta");
      const open = client.get("/v1/health/service/beta", `index=${index}&wait=5s`);
      await sleep(100);
      await admin.call("PUT", `/v1/acl/token/${AccessorID}`, { Policies: [] });
      await admin.register(instance("n2", "beta", { Port: 20_001 }, "passing"));
      expect(await open).toMatchObject({ status: 200, body: [] });
    });

    test.each<[string, (secret: string) => { headers: Record<string, string>; query: string }]>([
      ["X-Consul-Token", (secret) => ({ headers: { "X-Consul-Token": secret }, query: "" })],
      ["a bearer's", (secret) => ({ headers: { Authorization: `Bearer ${secret}` }, query: "" })],
      ["?token", (secret) => ({ headers: {}, query: `?token=${secret}` })],
      [
        "?token before the header",
        (secret) => ({ headers: { "X-Consul-Token": "unknown" }, query: `?token=${secret}` }),
      ],
    ])("a token is taken from %s", async (_where, place) => {
      const { headers, query } = place(MANAGEMENT_TOKEN);
      const response = await fetch(`${backend.url}/v1/catalog/services${query}`, {
        headers: { ...headers, Connection: "close" },
      });
      expect(await response.json()).toHaveProperty("consul");
    });

    test("writing needs the right to write", async () => {
      const reader = as((await createToken(`${SERVICES} ${NODES}`)).SecretID);
      const refusal = { status: 403, body: "Permission denied" };
      expect(await reader.call("PUT", "/v1/catalog/register", instance("n4", "new"))).toMatchObject(refusal);
      expect(await reader.call("PUT", "/v1/catalog/deregister", { Node: "n1" })).toMatchObject(refusal);
      expect(await reader.call("PUT", "/v1/acl/policy", { Name: "own", Rules: "" })).toMatchObject(refusal);
      expect(names(await admin.get("/v1/catalog/services"))).toEqual(ALL_SERVICES);
    });

    test("agent/self needs a right on the agent, status/leader none", async () => {
      const path = "/v1/agent/self";
      expect(await as("").get(path)).toMatchObject({ status: 403, body: "Permission denied" });
      expect(await as("unknown").get(path)).toMatchObject({ status: 403, body: "ACL not found" });
      const { SecretID } = await createToken('agent_prefix "" { policy = "read" }');
      expect(await as(SecretID).get(path)).toMatchObject({ status: 200 });
      expect(await as("unknown").get("/v1/status/leader")).toMatchObject({ status: 200 });
    });

    test("token/self shows a token and when it ends", async () => {
      const before = Date.now();
      const { SecretID } = await createToken(SERVICES, { ExpirationTTL: "1h" });
      const { status, body } = await as(SecretID).get("/v1/acl/token/self");
      expect(status).toBe(200);
      expect(body).toMatchObject({ SecretID, Policies: [{ Name: expect.any(String) }], Local: false });
      const { ExpirationTime } = body as { ExpirationTime: string };
      const livesForMs = Date.parse(ExpirationTime) - before;
      expect(livesForMs).toBeGreaterThan(3_590_000);
      expect(livesForMs).toBeLessThan(3_660_000);
      expect((await admin.get("/v1/acl/token/self")).body).not.toHaveProperty("ExpirationTime");
    });

    test.each(["", "unknown"])("token/self knows no token %j", async (secret) => {
      expect(await as(secret).get("/v1/acl/token/self")).toMatchObject({ status: 403, body: "ACL not found" });
    });

    test("a token with an unknown policy is refused, and one that would live for less than a minute", async () => {
      expect(await admin.call("PUT", "/v1/acl/token", { Policies: [{ Name: "none" }] })).toMatchObject({
        status: 500,
        body: 'No such ACL policy with name "none"',
      });
      expect(await admin.call("PUT", "/v1/acl/token", { ExpirationTTL: "30s" })).toMatchObject({
        status: 500,
        body: "ExpirationTime cannot be less than 1m0s in the future (was 30s)",
      });
    });

    describe("login with a JWT", () => {
      const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const now = Math.floor(Date.now() / 1_000);
      const claims = { iss: "nomad", aud: "consul.io", sub: "x", iat: now, nbf: now, exp: now + 600, space: "default" };

      beforeAll(async () => {
        const Config = {
          BoundAudiences: ["consul.io"],
          BoundIssuer: "nomad",
          JWTSupportedAlgs: ["ES256"],
          JWTValidationPubKeys: [keys.publicKey.export({ type: "spki", format: "pem" })],
          ClaimMappings: { space: "space" },
        };
        const method = { Name: "jwt", Type: "jwt", MaxTokenTTL: "5m", Config };
        const Policies = [{ Name: await policy(`${SERVICES} ${NODES}`) }];
        const [BindType, BindName] = ["role", "tasks-$" + "{value.space}"];
        for (const [path, body] of [
          ["auth-method", method],
          ["role", { Name: "tasks-default", Policies }],
          ["binding-rule", { AuthMethod: "jwt", BindType, BindName }],
        ] as const) {
          expect(await admin.call("PUT", `/v1/acl/${path}`, body)).toMatchObject({ status: 200 });
        }
      });

      const login = (BearerToken: string, AuthMethod = "jwt") =>
        as("").call("POST", "/v1/acl/login", { AuthMethod, BearerToken, Meta: { task: "portolan" } });

      test("gives a token with the role's rights that ends by the method's time", async () => {
        const { status, body } = await login(jwt(claims, keys.privateKey));
        expect(status).toBe(200);
        expect(body).toMatchObject({
          Description: 'token created via login: {"task":"portolan"}',
          Roles: [{ Name: "tasks-default" }],
          Local: true,
          AuthMethod: "jwt",
        });
        const token = body as { SecretID: string; ExpirationTime: string; CreateTime: string };
        expect(Date.parse(token.ExpirationTime) - Date.parse(token.CreateTime)).toBe(300_000);
        expect(names(await as(token.SecretID).get("/v1/health/service/alpha"))).toEqual(["alpha", "alpha"]);
        expect((await as(token.SecretID).get("/v1/acl/token/self")).body).toMatchObject({ AuthMethod: "jwt" });
      });

      test("logout ends the token of a login, and no other", async () => {
        const { SecretID } = (await login(jwt(claims, keys.privateKey))).body as TokenShown;
        const logout = (secret: string) => as(secret).call("POST", "/v1/acl/logout");
        expect(await logout(SecretID)).toMatchObject({ status: 200, body: true });
        expect(await as(SecretID).get("/v1/catalog/services")).toMatchObject({ status: 403, body: "ACL not found" });
        expect(await logout(SecretID)).toMatchObject({ status: 403, body: "ACL not found" });
        expect(await logout("")).toMatchObject({ status: 403, body: "ACL not found" });
        const other = await createToken(SERVICES);
        expect(await logout(other.SecretID)).toMatchObject({ status: 403, body: "Permission denied" });
      });

      const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
      test.each([
        ["has expired", { exp: now - 1_000 }, keys.privateKey, /^error validating claims: .*token is expired \(exp\)$/],
        [
          "is not valid yet",
          { nbf: now + 1_000 },
          keys.privateKey,
          /^error validating claims: .*not valid yet \(nbf\)$/,
        ],
        ["is for others", { aud: "x" }, keys.privateKey, /aud claim does not match any bound audience$/],
        ["is of another issuer", { iss: "x" }, keys.privateKey, /invalid issuer claim \(iss\)$/],
        ["is signed by a stranger", {}, stranger, /^no known key successfully validated the token signature$/],
      ])("refuses one that %s", async (_what, changed, key, message) => {
        const answer = await login(jwt({ ...claims, ...changed }, key));
        expect(answer).toMatchObject({ status: 500, body: expect.stringMatching(message) });
      });

      test.each([
        ["", "missing jwt"],
        ["garbage", "error parsing token: square/go-jose: compact JWS format must have three parts"],
      ])("refuses %j: %s", async (text, body) => {
        expect(await login(text)).toMatchObject({ status: 500, body });
      });

      test("gives nothing where no rule gives a role, or by an unknown method", async () => {
        const elsewhere = jwt({ ...claims, space: "elsewhere" }, keys.privateKey);
        expect(await login(elsewhere)).toMatchObject({ status: 403, body: "Permission denied" });
        expect(await login(elsewhere, "none")).toMatchObject({ status: 403, body: "ACL not found" });
      });

      test.each(["login", "logout"])("%s is a POST", async (path) => {
        const { status, headers } = await admin.call("PUT", `/v1/acl/${path}`, {});
        expect(status).toBe(405);
        expect(headers.get("allow")).toBe("OPTIONS,POST");
      });
    });
  });
});

describe.each(BACKENDS)("$name", ({ start }) => {
  describe.skipIf(start === undefined)("with ACLs that allow by default", () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await start!({ defaultPolicy: "allow" });
    });
    afterAll(() => backend.stop());

    test("the anonymous may read and write, and only what a policy denies is hidden from a token", async () => {
      const anonymous = createCatalogClient(backend.url);
      await buildWorld(anonymous);
      const admin = createCatalogClient(backend.url, MANAGEMENT_TOKEN);
      await admin.call("PUT", "/v1/acl/policy", { Name: "less", Rules: 'service "beta" { policy = "deny" }' });
      const { body } = await admin.call("PUT", "/v1/acl/token", { Policies: [{ Name: "less" }] });
      const client = createCatalogClient(backend.url, (body as { SecretID: string }).SecretID);
      expect(names(await client.get("/v1/catalog/services"))).toEqual(["alpha", "consul", "delta", "gamma"]);
      expect(names(await anonymous.get("/v1/catalog/services"))).toEqual(ALL_SERVICES);
    });

    test("the ACLs themselves are for the management all the same", async () => {
      const answer = await createCatalogClient(backend.url).call("PUT", "/v1/acl/policy", { Name: "own", Rules: "" });
      expect(answer).toMatchObject({ status: 403, body: "Permission denied" });
    });
  });
});

describe.each(BACKENDS)("$name", ({ start }) => {
  describe.skipIf(start === undefined)("without ACLs", () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await start!();
    });
    afterAll(() => backend.stop());

    test("any token is ignored, and the ACL API is off", async () => {
      const client = createCatalogClient(backend.url, "unknown");
      expect(await client.get("/v1/catalog/services")).toMatchObject({ status: 200, body: { consul: [] } });
      const off = { status: 401, body: "ACL support disabled" };
      expect(await client.get("/v1/acl/token/self")).toMatchObject(off);
      expect(await client.call("POST", "/v1/acl/login", {})).toMatchObject(off);
    });
  });
});

function jwt(claims: object, key: KeyObject): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const content = `${encode({ alg: "ES256", typ: "JWT" })}.${encode(claims)}`;
  const signature = sign("sha256", Buffer.from(content), { key, dsaEncoding: "ieee-p1363" });
  return `${content}.${signature.toString("base64url")}`;
}
