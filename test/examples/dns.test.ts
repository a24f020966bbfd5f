import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { CHART_HEADER } from "../../src/core/traefik/chart/render.ts";
import { runHere } from "../cli/in-process.ts";
import { type DnsAnswer, startDnsServer } from "../support/dns-server.ts";
import { type LiveSite, openExample } from "./live-site.ts";

let site: LiveSite;

beforeAll(async () => {
  site = await openExample("homelab");
});
afterAll(() => site.close());

/** By the catalog, since no portolan runs for this site. */
async function check(names: Readonly<Record<string, DnsAnswer>>, ...more: readonly string[]) {
  const server = await startDnsServer(names);
  const places = ["--output", join(site.folder, "chart.yml"), "--state-dir", site.folder, "--listen", "127.0.0.1:1"];
  try {
    return await site.run(["check", "dns", "--resolver", server.address, ...places, ...more]);
  } finally {
    await server.close();
  }
}

const PAIR = ["192.168.11.11", "192.168.11.12"];
const HOSTS = ["windmill", "orders", "orders-grpc", "jellyfin", "nas", "backup"].map((name) => `${name}.lab.local`);
const SOUND = Object.fromEntries(HOSTS.map((host) => [host, PAIR]));

test("the names of all routed hosts lead to the pair of load balancers", async () => {
  const { code, stdout } = await check(SOUND);
  expect(stdout).toMatch(
    /^SUCCESS: 6 routed hosts by the resolver at 127\.0\.0\.1:\d+, ingress 192\.168\.11\.11, 192\.168\.11\.12\n$/,
  );
  expect(code).toBe(0);
});

test("those that do not are told, with records that make them do so", async () => {
  const missing: Record<string, DnsAnswer> = {
    ...SOUND,
    "orders.lab.local": ["192.168.11.22"],
    "nas.lab.local": ["192.168.11.12", "192.168.30.6"],
    "windmill.lab.local": "NXDOMAIN",
  };
  const { code, stdout } = await check(missing);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^FAILED: .*: 3 problems\n/);
  expect(stdout).toContain(
    "DNS_ELSEWHERE: orders.lab.local: it leads to 192.168.11.22; 192.168.11.11, 192.168.11.12 is allowed",
  );
  expect(stdout).toContain("DNS_MIXED: nas.lab.local: it leads to 192.168.11.12, 192.168.30.6");
  expect(stdout).toContain("DNS_MISSING: windmill.lab.local: it has no address");
  const records = Array.from(stdout.matchAll(/^ +(\S+)\. IN A (\S+)$/gm), ([, name = "", address = ""]) => ({
    name,
    address,
  }));
  const mended = Object.groupBy(records, ({ name }) => name);
  const zone = Object.entries(mended).map(([name, own = []]) => [name, own.map(({ address }) => address)] as const);
  expect((await check({ ...missing, ...Object.fromEntries(zone) })).code).toBe(0);
  const lines = Array.from(stdout.matchAll(/^ +(\d[\d.]+) (\S+)$/gm), ([, address, name]) => `${name} ${address}`);
  expect(lines).toEqual(records.map(({ name, address }) => `${name} ${address}`));
});

test("a proxy in front is named in place of the ledger's nodes", async () => {
  const front = Object.fromEntries(HOSTS.map((host) => [host, ["203.0.113.7"]]));
  expect((await check(front)).code).toBe(1);
  expect((await check(front, "--ingress", "203.0.113.7")).code).toBe(0);
});

test("for machines it is JSON", async () => {
  const { stdout } = await check({ ...SOUND, "nas.lab.local": "SERVFAIL" }, "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    isSound: false,
    problems: [{ code: "DNS_UNANSWERED", place: "nas.lab.local", message: expect.stringContaining("ESERVFAIL") }],
  });
});

test("a server that answers nothing is no verdict about names: exit code 69", async () => {
  const failing = Object.fromEntries(HOSTS.map((host) => [host, "REFUSED" as const]));
  await expect(check(failing)).rejects.toMatchObject({ code: "E_DNS_AWAY", exitCode: 69 });
});

test("beside a chart on disk the settings that the environment names tell where the load balancer listens", async () => {
  const chart = join(site.folder, "named.yml");
  const router = { rule: "Host(`a.test`)", service: "a" };
  await writeFile(chart, `${CHART_HEADER}\n${JSON.stringify({ http: { routers: { a: router } } })}\n`);
  const server = await startDnsServer({ "a.test": PAIR });
  vi.stubEnv("PORTOLAN_SETTINGS", join(site.folder, "portolan.yml"));
  try {
    const { stdout } = await runHere(["check", "dns", "--resolver", server.address, "--file", chart]);
    expect(stdout).toMatch(/^SUCCESS: 1 routed host by .*, ingress 192\.168\.11\.11, 192\.168\.11\.12\n$/);
  } finally {
    vi.unstubAllEnvs();
    await server.close();
  }
});

test("the hosts of a chart on disk are asked for without any catalog; a file that is none is refused", async () => {
  const chart = join(site.folder, "other.yml");
  const rule = "Host(`a.test`) || Host(`*.b.test`) || HostRegexp(`^c[0-9]+.test$`)";
  await writeFile(chart, `${CHART_HEADER}\n${JSON.stringify({ http: { routers: { a: { rule, service: "a" } } } })}\n`);
  const { code, stdout } = await check({ "a.test": PAIR, "*.b.test": PAIR }, "--file", chart);
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^SUCCESS: 2 routed hosts/) });
  expect(stdout).toContain("DNS_NOT_ASKED (info)");
  await writeFile(chart, "- a");
  await expect(check({}, "--file", chart)).rejects.toThrow("it is no chart of portolan's");
});
