import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { curlOf, curlOfUrl, type Gateway, gatewayOf } from "../../src/page/explain/curl.ts";
import { namedIn, routerKey } from "../../src/page/explain/named-in.ts";
import { routeRow } from "./route-row.ts";

const GATEWAY: Gateway = {
  host: "10.0.0.9",
  entryPoints: { dns: ":53/udp", traefik: ":8080", web: ":8000", websecure: "0.0.0.0:8443" },
};

test.each([
  [{}, false, "curl --globoff --connect-to ::10.0.0.9:8000 'http://wiki.lab.local/'"],
  [{}, true, "curl --globoff --connect-to ::10.0.0.9:8443 'https://wiki.lab.local/'"],
  [{ paths: ["/docs*"] }, false, "curl --globoff --connect-to ::10.0.0.9:8000 'http://wiki.lab.local/docs'"],
  [{ entryPoints: ["websecure"] }, true, "curl --globoff --connect-to ::10.0.0.9:8443 'https://wiki.lab.local/'"],
  [{ hosts: ["*", "a.lab"] }, false, "curl --globoff --connect-to ::10.0.0.9:8000 'http://a.lab/'"],
  [{ hosts: ["*"] }, false, undefined],
  [{ protocol: "udp" as const }, false, undefined],
])("a router with %j, TLS %j", (differs, hasTls, command) => {
  expect(curlOf(routeRow("wiki", differs), hasTls, GATEWAY)).toBe(command);
});

test("where the entry points are not known the URL's own port stays", () => {
  const gateway = { host: "2001:db8::1", entryPoints: {} };
  expect(curlOf(routeRow("wiki"), false, gateway)).toBe(
    "curl --globoff --connect-to '::[2001:db8::1]:' 'http://wiki.lab.local/'",
  );
});

test("a URL is asked as it was given, unless parts of it are not shown", () => {
  expect(curlOfUrl("https://a.lab/x?y=z", [], GATEWAY)).toBe(
    "curl --globoff --connect-to ::10.0.0.9:8443 'https://a.lab/x?y=z'",
  );
  expect(curlOfUrl("https://a.lab/x?y=***", [], GATEWAY)).toBeUndefined();
  expect(curlOfUrl("javascript:alert(1)", [], GATEWAY)).toBeUndefined();
  expect(curlOfUrl("wiki", [], GATEWAY)).toBeUndefined();
});

test("a path of a tenant's is one word for the shell", () => {
  const command = curlOf(routeRow("wiki", { paths: ["/a'; echo $(id) `id` \"x\n*"] }), false, GATEWAY) ?? "";
  const words = execFileSync("sh", ["-c", `printf '%s|' ${command}`], { encoding: "utf8" });
  expect(words).toBe("curl|--globoff|--connect-to|::10.0.0.9:8000|http://wiki.lab.local/a'; echo $(id) `id` \"x\n|");
});

test("a router of an edge is asked at the entry points of the edge's own Traefik", () => {
  const chart = (web: string) => ({ traefik: { entryPointAddresses: { web } } }) as never;
  const status = { ingress: [], chart: chart(":80"), edges: [{ name: "public", chart: chart(":8000") }] } as never;
  expect(gatewayOf(status, "public", "edge.lab").entryPoints).toEqual({ web: ":8000" });
  expect(gatewayOf(status, "main", "edge.lab")).toEqual({ host: "edge.lab", entryPoints: { web: ":80" } });
  expect(gatewayOf(undefined, "main", "edge.lab")).toEqual({ host: "edge.lab", entryPoints: {} });
});

test("routers of one name in two charts, or of two protocols, are two", () => {
  const router = { name: "db", servers: [], state: "live", owner: "db" };
  const answer = (protocol: string) => ({ kind: "host", routers: [{ ...router, protocol }] });
  const charts = [
    { chart: "main", answers: [answer("http"), answer("tcp")] },
    { chart: "public", answers: [answer("http")] },
  ];
  const { routers } = namedIn({ charts } as never);
  expect(routers.size).toBe(3);
  expect(routers.has(routerKey({ chart: "public", protocol: "tcp", router: "db" }))).toBe(false);
});
