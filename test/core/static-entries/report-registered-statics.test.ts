import { expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { assembleOperatorConfig } from "../../../src/core/operator-config/assemble.ts";
import { newConfig } from "../../../src/core/traefik/chart/dynamic-config.ts";
import { instance, pass } from "../../builders/world.ts";

const SETTINGS = { version: "3.6", entryPoints: [], ruleSyntax: "v3", defaultEntryPoints: [] } as const;

function files(content: unknown) {
  const settings = { origin: "the settings (define)", config: newConfig() };
  const found = [{ name: "legacy.yml", content }];
  return assembleOperatorConfig({ settings, files: found, lastGood: new Map() }, SETTINGS).operatorConfig;
}

function routeTo(url: string) {
  const http = {
    routers: { nas: { rule: "Host(`nas`)", service: "nas" } },
    services: { nas: { loadBalancer: { servers: [{ url }] } } },
  };
  return files({ http });
}

const told = (
  operatorConfig: ReturnType<typeof files>,
  instances: readonly ServiceInstance[],
  besides: readonly ServiceInstance[] = [],
) =>
  pass(instances, { operatorConfig, staticHostRegistrations: besides })
    .diagnostics.filter(({ code }) => code === "STATIC_REGISTERED")
    .map(({ subject, message }) => `${subject.origin}: ${message}`);

const NAS = { service: "disks", id: "disks-1", node: "nas", nodeAddress: "192.168.30.6", port: 5000, tags: [] };
const TOLD =
  'legacy.yml: http/services/nas points at 192.168.30.6:5000, where the service "disks" is registered by now';

test.each<[string, string, Partial<ServiceInstance>]>([
  ["the node has the address", "http://192.168.30.6:5000", {}],
  ["the service has it", "http://192.168.30.6:5000/ui", { nodeAddress: "192.168.11.9", address: "192.168.30.6" }],
  ["it is one of IPv6", "http://[2001:db8::6]:5000", { nodeAddress: "2001:DB8::6" }],
  ["it is a name", "http://nas.lab.local:5000", { address: "NAS.lab.local" }],
  ["it is a name of Consul's", "http://disks.service.consul:5000", {}],
  ["it is one with tag and datacenter", "http://v1.disks.service.dc1.consul:5000", {}],
])("a fixed address that a service registers is told once, where %s", (_, url, more) => {
  const [first = "", ...others] = told(routeTo(url), [instance({ ...NAS, ...more })]);
  expect(first).toMatch(/^legacy\.yml: http\/services\/nas points at .*:5000, where the service "disks" is registered/);
  expect(others).toEqual([]);
});

test.each<[string, Partial<ServiceInstance>]>([
  ["another port", { port: 5001 }],
  ["another address", { nodeAddress: "192.168.30.7" }],
  ["an address of its own elsewhere", { address: "192.168.30.7" }],
  ["UDP alone", { tags: ["traefik.enable=true", "traefik.udp.routers.disks.entrypoints=udp"] }],
])("one with %s is not meant", (_, more) => {
  expect(told(routeTo("http://192.168.30.6:5000"), [instance({ ...NAS, ...more })])).toEqual([]);
});

test("a service without tags, which the watch does not see, is told by what was read beside it", () => {
  const untagged = instance(NAS);
  expect(told(routeTo("http://192.168.30.6:5000"), [], [untagged])).toEqual([TOLD]);
  expect(told(routeTo("http://192.168.30.6:5000"), [untagged], [untagged])).toEqual([TOLD]);
});

test("which instances register it may change with every deploy, and the report stays the same", () => {
  const at = routeTo("http://192.168.30.6:5000");
  const [one, other] = [instance(NAS), instance({ ...NAS, id: "disks-2" })];
  expect(told(at, [one, other])).toEqual(told(at, [other]));
});

test("what is read beside the watch are the machines of fixed addresses, of services and of middlewares, and none without", () => {
  const at = files({
    http: {
      middlewares: { sso: { forwardAuth: { address: "http://192.168.30.9:9091/verify" } } },
      services: { nas: { loadBalancer: { servers: [{ url: "https://192.168.30.6" }] } } },
    },
    udp: { services: { dns: { loadBalancer: { servers: [{ address: "192.168.11.53:53" }] } } } },
  });
  expect(pass([], { operatorConfig: at }).memory.statics.places).toEqual([
    ...["192.168.30.6:443", "192.168.30.9:9091", "192.168.11.53:53"],
  ]);
  expect(pass([]).memory.statics.places).toEqual([]);
});
