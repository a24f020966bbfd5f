import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { healthCheckOf } from "../../../src/core/traefik/connections/health-check.ts";
import { policyOf } from "../../builders/printed-policy.ts";
import { instance, pass, settings } from "../../builders/world.ts";

const HTTP = "traefik.http.services.web.loadbalancer.healthcheck";
const TCP = "traefik.tcp.services.web.loadbalancer.healthcheck";
const TCP_ROUTER = ["traefik.tcp.routers.web.rule=HostSNI(`web`)", "traefik.tcp.routers.web.tls=true"];

function checking(tags: readonly string[], more: Partial<ServiceInstance> = {}): ServiceInstance {
  return instance({ tags: ["traefik.enable=true", ...tags], ...more });
}

function judged(one: ServiceInstance, by: Readonly<Record<string, unknown>> = {}) {
  const { chart, diagnostics } = pass([one], { settings: settings(by) });
  const service = chart["http/services"].get("web") ?? chart["tcp/services"].get("web");
  return { check: service && healthCheckOf(service), isServed: service !== undefined, diagnostics };
}

/** The settings that a remedy prints: from its mark to its end. */
function printed(remedy: string): Readonly<Record<string, unknown>> {
  const mark = "the settings: ";
  return load(remedy.slice(remedy.indexOf(mark) + mark.length)) as Readonly<Record<string, unknown>>;
}

describe("what a remedy prints opens what it is about", () => {
  test.each<[string, readonly string[], object]>([
    [
      "another method",
      [`${HTTP}.path=/`, `${HTTP}.method=post`],
      { path: "/", method: "post", followRedirects: false },
    ],
    ["redirects", [`${HTTP}.path=/`, `${HTTP}.followredirects=true`], { path: "/", followRedirects: true }],
    ["bytes to send", [...TCP_ROUTER, `${TCP}.send=PING`, `${TCP}.expect=PONG`], { send: "PING", expect: "PONG" }],
    ["another port", [`${HTTP}.path=/`, `${HTTP}.port=9000`], { path: "/", port: 9000, followRedirects: false }],
  ])("%s", (_what, tags, expected) => {
    const refused = judged(checking(tags));
    expect(refused).toMatchObject({ isServed: true, diagnostics: [{ code: "HEALTH_CHECK_REFUSED" }] });
    expect(refused.check).not.toEqual(expected);
    const opened = printed(refused.diagnostics[0]?.remedy.replace("…", "its health") ?? "");
    expect(judged(checking(tags), opened)).toMatchObject({ check: expected, diagnostics: [] });
    const { check } = judged(checking(tags, { service: "other" }), opened);
    expect(check).toEqual(refused.check);
  });
});

test("of several things that are wrong with a check the next is told when the first is open, and both remedies open it", () => {
  const tags = [`${HTTP}.path=/`, `${HTTP}.method=POST`, `${HTTP}.port=9000`];
  let opened: Readonly<Record<string, unknown>> = {};
  for (const wrong of ['sends "POST"', "port 9000 is"]) {
    const { check, diagnostics } = judged(checking(tags), opened);
    expect(check).toBeUndefined();
    expect(diagnostics).toMatchObject([{ message: expect.stringContaining(wrong) }]);
    opened = { ...opened, ...printed(diagnostics[0]?.remedy.replace("…", "its health") ?? "") };
  }
  expect(judged(checking(tags), opened)).toMatchObject({ check: { method: "POST", port: 9000 }, diagnostics: [] });
});

test("a policy opens nothing, and one without rules about it takes nothing away", () => {
  const policy = policyOf({ rules: [{ service: "web", hosts: ["*"], backends: ["0.0.0.0/0"] }] });
  const post = checking([`${HTTP}.path=/`, `${HTTP}.method=POST`]);
  const by = { ...settings(), policy };
  expect(pass([post], { settings: by }).diagnostics).toMatchObject([{ code: "HEALTH_CHECK_REFUSED" }]);
  const plain = pass([checking([`${HTTP}.path=/`])], { settings: by });
  expect(plain.diagnostics).toEqual([]);
  expect(healthCheckOf(plain.chart["http/services"].get("web") ?? {})).toEqual({ path: "/", followRedirects: false });
});

describe("whom a check may ask", () => {
  test.each<[string, readonly string[], Partial<ServiceInstance>, boolean]>([
    ["the service's own address", [`${HTTP}.path=/`], { address: "192.168.11.20" }, true],
    ["an IPv6 address, whatever its spelling", [`${HTTP}.path=/`], { address: "FD00::7" }, true],
    [
      "a tagged address",
      [`${HTTP}.path=/`, "portolan.address=wan"],
      { taggedAddresses: { wan: { address: "192.0.2.7", port: 24_001 } } },
      true,
    ],
    [
      "the same by server.url",
      [`${HTTP}.path=/`, "traefik.http.services.web.loadbalancer.server.url=http://192.168.11.11:24001/base"],
      {},
      true,
    ],
    [
      "another address",
      [`${HTTP}.path=/`, "traefik.http.services.web.loadbalancer.server.url=http://192.168.11.12:24001"],
      {},
      false,
    ],
    [
      "a name",
      [`${HTTP}.path=/`, "traefik.http.services.web.loadbalancer.server.url=http://consul.service.consul:24001"],
      {},
      false,
    ],
    [
      "its node, where it has an address of its own",
      [`${HTTP}.path=/`, "traefik.http.services.web.loadbalancer.server.url=http://192.168.11.11:24001"],
      { address: "192.168.11.20" },
      false,
    ],
  ])("%s", (_what, tags, registered, isAllowed) => {
    const { check, isServed, diagnostics } = judged(checking(tags, registered));
    expect({ isServed, isChecked: check !== undefined }).toEqual({ isServed: true, isChecked: isAllowed });
    expect(diagnostics.map(({ code }) => code)).toEqual(isAllowed ? [] : ["HEALTH_CHECK_REFUSED"]);
  });

  test.each(["never", "internal"])("no port that the ledger withholds (%s)", (exposure) => {
    const withheld = settings();
    const entry = {
      ...{ origin: "ledger.yml: ports.0", ports: { first: 24_009, last: 24_009 }, protocols: ["tcp"] as const },
      ...{ owners: ["web"], exposure: exposure as "never" | "internal", purpose: "admin" },
    };
    const by = { ...withheld, ports: { ...withheld.ports, ledger: { ...withheld.ports.ledger, entries: [entry] } } };
    const { chart, diagnostics } = pass([checking([`${HTTP}.port=24009`])], { settings: by });
    expect(healthCheckOf(chart["http/services"].get("web") ?? {})).toBeUndefined();
    expect(diagnostics).toMatchObject([
      {
        message: expect.stringContaining("port 24009 is declared"),
        remedy: expect.stringContaining("remove healthcheck.port"),
      },
    ]);
  });
});
