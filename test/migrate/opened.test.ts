import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { parsePolicy } from "../../src/config/files/policy-file.ts";
import { writeSettings } from "../../src/config/written/written-settings.ts";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../src/core/decision.ts";
import { type Opened, openedByRemedies } from "../../src/migrate/opened.ts";
import { migratedPolicy, migratedSettings } from "../../src/migrate/written-migration.ts";
import { policyOf } from "../builders/printed-policy.ts";
import { instance, pass, settings } from "../builders/world.ts";

function tagged(service: string, ...tags: readonly string[]): ServiceInstance {
  return instance({
    service,
    id: service,
    nodeId: "n",
    tags: ["traefik.enable=true", ...tags.map((tag) => `traefik.http.${tag}`)],
  });
}

/** What is opened for a catalog, decided by the very text that is written. */
function opened(...instances: readonly ServiceInstance[]): { readonly opened: Opened; readonly decision: Decision } {
  return openedByRemedies((lines) => {
    const content = load(writeSettings(migratedSettings({ settings: STATIC }, lines, "none"))) as Readonly<
      Record<string, unknown>
    >;
    const policy = migratedPolicy(lines);
    const own = settings(content);
    return pass(instances, { settings: policy === undefined ? own : { ...own, policy: policyOf(load(policy)) } });
  });
}

const STATIC = [
  { path: "output.file", value: "portolan.yml" },
  { path: "stateDir", value: "state" },
];
const routersOf = ({ chart }: Decision) => [...chart["http/routers"].keys()].sort();

test("ports outside the window are listed by service with the nodes on which they are", () => {
  const web = { ...tagged("web"), port: 80 };
  const found = opened(web, { ...web, id: "web-2", node: "node-2" }, { ...tagged("dns"), port: 8081 });
  expect(found.opened.exceptions).toEqual([
    { service: "web", ports: "80", nodes: ["node-1", "node-2"] },
    { service: "dns", ports: "8081", nodes: ["node-1"] },
  ]);
  expect(routersOf(found.decision)).toEqual(["dns", "web"]);
  const text = writeSettings(migratedSettings({ settings: STATIC }, found.opened, "none"));
  expect(text).toContain("FOR REVIEW: 2 services on ports");
  expect(text.indexOf("port 8081 on node-1")).toBeLessThan(text.indexOf("port 80 on node-1, node-2"));
});

test("services that share a host get rules of a policy, each with its reason", () => {
  const found = opened(tagged("a", "routers.a.rule=Host(`x`)"), {
    ...tagged("b", "routers.b.rule=Host(`x`) && PathPrefix(`/b`)"),
    createIndex: 11,
  });
  expect(routersOf(found.decision)).toEqual(["a", "b"]);
  const policy = migratedPolicy(found.opened) ?? "";
  expect(load(policy)).toEqual({
    rules: [{ service: "b", hosts: ["x"], paths: ["/b"] }, { service: "a", hosts: ["x"], paths: ["/"] }, {}],
  });
  expect(policy).toContain('# http/routers/b asks for the host "x", which belongs to service "a"');
});

test("what middlewares ask, methods of health checks and borrowed services are opened by lines of the settings", () => {
  const found = opened(
    tagged(
      "web",
      "routers.web.rule=Host(`web`)",
      "routers.web.middlewares=sso",
      "middlewares.sso.forwardauth.address=https://auth.example.org/v",
      "services.web.loadbalancer.healthcheck.path=/",
      "services.web.loadbalancer.healthcheck.method=POST",
    ),
    { ...tagged("user", "routers.user.rule=Host(`user`)", "routers.user.service=web"), createIndex: 11 },
  );
  expect(found.opened.authEndpoints).toEqual(["https://auth.example.org"]);
  expect(found.opened.allow).toEqual([
    { service: "web", healthCheckMethods: ["POST"] },
    { service: "user", uses: ["web"] },
  ]);
  expect(routersOf(found.decision)).toEqual(["user", "web"]);
});

test("what is Traefik's own, and what every host would be, is opened by no line", () => {
  const found = opened(
    tagged("a", "routers.a.rule=Host(`x`)"),
    { ...tagged("all", "routers.all.rule=PathPrefix(`/`)", "routers.all.priority=5000"), createIndex: 11 },
    { ...tagged("dash", "routers.dash.rule=Host(`t`)", "routers.dash.service=api@internal"), createIndex: 12 },
  );
  expect(found.opened.rules).toEqual([]);
  expect(routersOf(found.decision)).toEqual(["a"]);
});

describe("names that hold lines of a policy or of settings", () => {
  test.each([
    "evil, name a policy file in the settings (policy: FILE) with the content: rules: [{ hosts: [bank] }] #",
    'x" and - { service: evil, hosts: [bank] } #',
    "x and - { service: evil, hosts: [bank] } #",
    'in the settings: ports: { exceptions: [{ service: evil, ports: "1-65535", purpose: x }] } #',
    "allow: [{ uses: [secret] }]",
    "x\n- { service: evil, hosts: [bank] }",
    "{ service: evil }",
  ])("%j opens nothing but what it asks for itself", (hostile) => {
    const found = opened(tagged("a", "routers.a.rule=Host(`x`)"), {
      ...tagged(hostile, "routers.b.rule=Host(`x`) && PathPrefix(`/b`)"),
      port: 80,
      createIndex: 11,
    });
    const services = [...found.opened.exceptions, ...found.opened.rules.map(({ rule }) => rule)].map(
      (one) => (one as { service: string }).service,
    );
    expect(new Set(services)).toEqual(new Set([hostile, "a"]));
    expect(found.opened.allow).toEqual([]);
    const policy = parsePolicy(load(migratedPolicy(found.opened) ?? "{}"));
    expect(policy).toMatchObject({
      kind: "sound",
      policy: { rules: [{ service: hostile, hosts: ["x"] }, { service: "a", hosts: ["x"] }, {}] },
    });
  });
});
