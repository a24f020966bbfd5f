import fc from "fast-check";
import { expect, test } from "vitest";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import type { CoreSettings } from "../../src/core/settings.ts";
import { type ConfigObject, type DynamicConfig, SECTIONS } from "../../src/core/traefik/chart/dynamic-config.ts";
import { connectionsOf } from "../../src/core/traefik/connections/connections.ts";
import { policyOf } from "../builders/printed-policy.ts";
import { instance, pass, settings } from "../builders/world.ts";

const NODES: Readonly<Record<string, string>> = { "node-1": "192.168.11.11", "node-2": "192.168.11.12" };
const PORTS = ["20000", "24001", "24002", "24003", "32000", "8500", "443", "0", "32001", "70000"];
const HOSTS = ["192.168.11.11", "192.168.11.12", "10.0.0.9", "127.0.0.1", "169.254.169.254", "localhost", "[fd00::7]"];

const port = fc.constantFrom(...PORTS);
const place = fc.tuple(fc.constantFrom(...HOSTS), port).map(([host, at]) => `${host}:${at}`);
const url = fc
  .tuple(fc.constantFrom("http", "https", "h2c"), place, fc.constantFrom("", "/", "/v1/agent/leave", "/?a=http://b"))
  .map(([scheme, at, path]) => `${scheme}://${at}${path}`);

/** A field below a service, a middleware, and values that lead somewhere. */
const CHECK = "loadbalancer.healthcheck";
const serviceTag = fc.oneof(
  url.map((to) => `http.services.NAME.loadbalancer.server.url=${to}`),
  port.map((at) => `http.services.NAME.loadbalancer.server.port=${at}`),
  port.map((at) => `tcp.services.NAME.loadbalancer.server.port=${at}`),
  fc.constantFrom("http", "http://127.0.0.1:8500/?").map((to) => `http.services.NAME.loadbalancer.server.scheme=${to}`),
  port.map((at) => `http.services.NAME.${CHECK}.port=${at}`),
  port.map((at) => `tcp.services.NAME.${CHECK}.port=${at}`),
  fc
    .oneof(url, fc.constantFrom("/health", "health", "//127.0.0.1:8500/", "/\\127.0.0.1", "@elsewhere", "/a:b"))
    .map((path) => `http.services.NAME.${CHECK}.path=${path}`),
  fc.oneof(url, fc.constantFrom("http", "https", "ftp")).map((to) => `http.services.NAME.${CHECK}.scheme=${to}`),
  fc.constantFrom("GET", "head", "PUT", "post").map((method) => `http.services.NAME.${CHECK}.method=${method}`),
  fc.boolean().map((follows) => `http.services.NAME.${CHECK}.followredirects=${follows}`),
  fc.constant(`http.services.NAME.${CHECK}.mode=grpc`),
  fc.constantFrom("PING", "\r\n", "").map((bytes) => `tcp.services.NAME.${CHECK}.send=${bytes}`),
);
const middlewareTag = fc.oneof(
  url.map((to) => `http.middlewares.NAME.forwardauth.address=${to}`),
  fc
    .array(fc.oneof(place, fc.constantFrom("/run/redis.sock", "redis", "")), { maxLength: 2 })
    .map((places) => `http.middlewares.NAME.ratelimit.redis.endpoints=${places.join(",")}`),
  fc.constant("http.middlewares.NAME.ratelimit.redis.db=1"),
);

const USED = {
  http: ["http.routers.NAME.rule=Host(`NAME.org`)", "http.routers.NAME.service=NAME"],
  limited: ["http.routers.NAME.rule=Host(`NAME.org`)", "http.routers.NAME.middlewares=NAME"],
  tcp: ["tcp.routers.NAME.rule=HostSNI(`NAME.org`)", "tcp.routers.NAME.tls=true", "tcp.routers.NAME.service=NAME"],
};

const tenant: fc.Arbitrary<ServiceInstance> = fc
  .record({
    service: fc.constantFrom("one", "two", "three"),
    node: fc.constantFrom("node-1", "node-2"),
    address: fc.constantFrom("", "", "192.168.11.11", "10.0.0.9"),
    port: fc.constantFrom(24_001, 24_002, 24_003, 8_500),
    used: fc.subarray(Object.keys(USED) as (keyof typeof USED)[], { minLength: 1 }),
    tags: fc.array(fc.oneof({ weight: 3, arbitrary: serviceTag }, middlewareTag), { minLength: 1, maxLength: 5 }),
    createIndex: fc.nat(9),
  })
  .map(({ used, tags, service, node, ...registered }) =>
    instance({
      ...{ service, node, id: `${service}-${node}`, nodeAddress: NODES[node] ?? "", ...registered },
      tags: [
        "traefik.enable=true",
        ...[...used.flatMap((how) => USED[how]), ...tags].map((tag) => `traefik.${tag.replaceAll("NAME", service)}`),
      ],
    }),
  );

const catalog = fc.uniqueArray(tenant, { minLength: 1, maxLength: 5, selector: ({ id }) => id });

interface World {
  readonly by: CoreSettings;
  /** What the settings open, to all services. */
  readonly opened: { readonly methods: readonly string[]; readonly redirects: boolean; readonly send: boolean };
  readonly isLimited: boolean;
}

function worldOf(opened: World["opened"], isLimited: boolean): World {
  const allow = [
    { healthCheckMethods: opened.methods },
    ...(opened.redirects ? [{ redirects: true }] : []),
    ...(opened.send ? [{ healthCheckSend: true }] : []),
  ];
  const by = settings({ allow });
  const policy = policyOf({ networks: ["192.168.11.0/24"], rules: [{}] });
  return { by: isLimited ? { ...by, policy } : by, opened, isLimited };
}

const NOTHING_OPENED: World["opened"] = { methods: [], redirects: false, send: false };

/** Few, since settings take longer to read than a catalog to chart. */
const world = fc.constantFrom(
  ...[false, true].flatMap((isLimited) => [
    worldOf(NOTHING_OPENED, isLimited),
    worldOf({ ...NOTHING_OPENED, methods: ["PUT"] }, isLimited),
    worldOf({ ...NOTHING_OPENED, redirects: true }, isLimited),
    worldOf({ ...NOTHING_OPENED, methods: ["PUT", "POST"], send: true }, isLimited),
  ]),
);

/** `HOST` and `PORT` as Node's own parser reads them, which is none of portolan's. */
function read(text: string): { readonly host: string; readonly at: number } {
  const { hostname, port: written, protocol } = new URL(text.replace(/^h2c:/, "http:"));
  return { host: hostname, at: Number(written || (protocol === "https:" ? 443 : 80)) };
}

function inWindow(at: number): boolean {
  return at >= 20_000 && at <= 32_000;
}

/** Every connection that the chart lets Traefik open although nothing allows it, in words. */
function forbidden(chart: DynamicConfig, instances: readonly ServiceInstance[], { opened, isLimited }: World) {
  const wrong: string[] = [];
  for (const section of SECTIONS) {
    for (const [name, object] of chart[section]) {
      const places = connectionsOf(section, object).map(({ form, text }) => {
        const { host, at } = read(form === "url" ? text : `http://${text}`);
        if (!inWindow(at)) wrong.push(`${section}/${name} leaves the window: ${text}`);
        if (host.startsWith("169.254.")) wrong.push(`${section}/${name} asks for metadata: ${text}`);
        if (isLimited && !host.startsWith("192.168.11.")) wrong.push(`${section}/${name} leaves the networks: ${text}`);
        return { host, at, form };
      });
      const endpoints = section === "http/middlewares" ? places.filter(({ form }) => form === "endpoint") : [];
      if (endpoints.length > 1 && !opened.redirects) wrong.push(`${section}/${name} is led by a cluster`);
      const balancer = object["loadBalancer"] as ConfigObject | undefined;
      const check = balancer?.["healthCheck"] as ConfigObject | undefined;
      if (check === undefined) continue;
      for (const { host, at } of places) {
        const asked = Number(check["port"] ?? 0) || at;
        wrong.push(...forbiddenCheck(name, { host, at: asked }, instances).map((why) => `${section}/${name} ${why}`));
      }
      const method = String(check["method"] ?? "GET").toUpperCase();
      if (!["GET", "HEAD", ...opened.methods].includes(method)) wrong.push(`${section}/${name} sends ${method}`);
      if (!opened.send && (check["send"] ?? "") !== "") wrong.push(`${section}/${name} sends bytes`);
      if (section !== "http/services") continue;
      if (!opened.redirects && check["followRedirects"] !== false) wrong.push(`${section}/${name} follows redirects`);
      // As Traefik puts the request together.
      const [server] = connectionsOf(section, object);
      const target = new URL(String(check["path"] ?? ""), server?.text.replace(/^h2c:/, "http:"));
      const scheme = String(check["scheme"] ?? "") || "http";
      const request = read(`${scheme}://${target.host}${target.pathname}`);
      if (!places.some(({ host, at }) => host === request.host && (at === request.at || target.port === "")))
        wrong.push(`${section}/${name} is led to ${request.host}:${request.at}`);
    }
  }
  return wrong;
}

function forbiddenCheck(
  name: string,
  { host, at }: { readonly host: string; readonly at: number },
  instances: readonly ServiceInstance[],
): readonly string[] {
  const addressOf = ({ address, nodeAddress }: ServiceInstance) => address || nodeAddress;
  const definers = instances.filter(({ service }) => service === name);
  const strangers = instances.filter(
    (one) => one.service !== name && one.port === at && addressOf(one) === host && one.nodeAddress === host,
  );
  const isRegistered = definers.some((one) => addressOf(one) === host && one.port === at);
  return [
    ...(inWindow(at) ? [] : [`checks port ${at}`]),
    ...(definers.some((one) => addressOf(one) === host) ? [] : [`checks ${host}, which is not its own`]),
    ...(strangers.length === 0 || isRegistered ? [] : [`checks ${strangers[0]?.service} at ${host}:${at}`]),
  ];
}

test("what is charted opens no connection that the settings do not allow", () => {
  let checks = 0;
  fc.assert(
    fc.property(catalog, world, (instances, around) => {
      const { chart } = pass(instances, { settings: around.by });
      checks += JSON.stringify([...chart["http/services"].values()]).split("healthCheck").length - 1;
      expect(forbidden(chart, instances, around)).toEqual([]);
    }),
    { numRuns: 250 },
  );
  expect(checks, "health checks that were charted").toBeGreaterThan(20);
});

test("the same catalogs would open some with compat: traefik, so that the test can fail", () => {
  const around = { by: settings({ compat: "traefik" }), isLimited: false, opened: NOTHING_OPENED };
  const found = fc.sample(catalog, 200).some((instances) => {
    const { chart } = pass(instances, { settings: around.by });
    try {
      return forbidden(chart, instances, around).length > 0;
    } catch {
      return true;
    }
  });
  expect(found).toBe(true);
});
