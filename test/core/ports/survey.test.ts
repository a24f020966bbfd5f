import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { holders, type PortSurvey, portStateAt, surveyPorts } from "../../../src/core/ports/survey.ts";
import { ledger } from "../../builders/ledger.ts";
import { instance, pass, settings } from "../../builders/world.ts";

function survey(instances: readonly ServiceInstance[], ports: readonly unknown[] = []): PortSurvey {
  const core = settings();
  return surveyPorts(instances, { ...core, ports: { ...core.ports, ledger: ledger({ ports }) } });
}

const MINIO = { ports: 30_900, owner: "minio", exposure: "internal", purpose: "S3" };
const minio = instance({ service: "minio", id: "minio", port: 30_900 });
const squatter = instance({ service: "job", id: "job", port: 30_900 });
const place = { port: 30_900, protocol: "tcp", node: "node-1" } as const;

describe("how a port stands", () => {
  test.each<[string, readonly ServiceInstance[], readonly unknown[]]>([
    ["Free", [], []],
    ["Reserved", [], [MINIO]],
    ["Reserved", [{ ...minio, node: "node-2" }], [MINIO]],
    ["Active", [minio], [MINIO]],
    ["Active", [minio, { ...squatter, address: "172.17.0.2" }], [MINIO]],
    ["Squatted", [squatter], [MINIO]],
    ["Undeclared", [squatter], []],
    ["Undeclared", [squatter], [{ ...MINIO, nodes: ["node-2"] }]],
    ["Undeclared", [squatter], [{ ...MINIO, protocol: "udp" }]],
    ["Conflict", [minio, squatter], [MINIO]],
    ["Conflict", [minio, squatter], []],
    ["Conflict", [], [MINIO, { ...MINIO, owner: "nats" }]],
    ["Conflict", [minio], [MINIO, { ...MINIO, owner: "nats", ports: "30000-31000" }]],
    ["Active", [minio], [MINIO, { ...MINIO, owner: "nats", nodes: ["node-2"] }]],
    ["Active", [minio], [MINIO, { ...MINIO, owner: "nats", protocol: "udp" }]],
    ["Active", [minio], [MINIO, { ...MINIO, namespace: "core" }]],
  ])("%s: %#", (status, instances, ports) => {
    expect(portStateAt(survey(instances, ports), place).status).toBe(status);
  });

  test("a service that is registered twice is no rival of itself", () => {
    expect(portStateAt(survey([minio, { ...minio, id: "minio-2" }]), place).status).toBe("Undeclared");
  });

  test("two names of one Nomad allocation are one, of two allocations are not", () => {
    const inTask = (service: string, allocation: string) =>
      instance({
        service,
        id: `_nomad-task-${allocation}-2222-3333-4444-555555555555-group-x-${service}-y`,
        port: 30_900,
      });
    const statusOf = (...both: ServiceInstance[]) => portStateAt(survey(both), place).status;
    expect(statusOf(inTask("a", "11111111"), inTask("b", "11111111"))).toBe("Undeclared");
    expect(statusOf(inTask("a", "11111111"), inTask("b", "22222222"))).toBe("Conflict");
  });

  test("the same port on two nodes is no conflict", () => {
    const both = survey([
      instance({ service: "envoy", port: 8080 }),
      instance({ service: "notify", port: 8080, node: "node-2" }),
    ]);
    expect(portStateAt(both, { port: 8080, protocol: "tcp", node: "node-1" }).status).toBe("Undeclared");
    expect(portStateAt(both, { port: 8080, protocol: "tcp", node: "node-2" }).status).toBe("Undeclared");
  });
});

describe("the protocol of a registration", () => {
  const DNS = { ports: 53, owner: "dns", exposure: "internal", purpose: "names" };
  test.each<[string, readonly string[], readonly unknown[], readonly string[]]>([
    ["TCP by a guess, as long as nobody says otherwise", ["metrics", "traefik.enable=false"], [], ["tcp?"]],
    ["HTTP where tags ask for no more than a route", ["traefik.enable=true"], [], ["tcp"]],
    ["TCP by its tags", ["traefik.tcp.routers.x.rule=x"], [], ["tcp"]],
    ["what the ledger says of the owner", [], [{ ...DNS, protocol: "both" }], ["tcp", "udp"]],
    ["what the ledger says of the owner", [], [{ ...DNS, protocol: "udp" }], ["udp"]],
    ["not what it says of others", [], [{ ...DNS, owner: "web", protocol: "udp" }], ["tcp?"]],
    ["UDP by its tags", ["Traefik.UDP.routers.x.entrypoints=dns"], [], ["udp"]],
    ["both by its tags", ["traefik.udp.routers.x.entrypoints=dns", "traefik.tcp.routers.x.rule=x"], [], ["tcp", "udp"]],
    ["not by tags of another prefix", ["public.udp.routers.x.entrypoints=dns"], [], ["tcp?"]],
  ])("%s %#", (_, tags, ports, protocols) => {
    const found = survey([instance({ service: "dns", port: 53, tags })], ports);
    const held = (["tcp", "udp"] as const).flatMap((protocol) => {
      const { registrations } = portStateAt(found, { port: 53, protocol, node: "node-1" });
      return registrations.map(({ isGuess }) => `${protocol}${isGuess ? "?" : ""}`);
    });
    expect(held).toEqual(protocols);
  });
});

describe("a node of Nomad's, which its catalog knows by id alone", () => {
  const task = instance({ catalog: "nomad", node: "3f4f-id", nodeAddress: "", address: "192.168.11.21", port: 24_001 });
  const rules = (nodes: Readonly<Record<string, string>>) => {
    const core = settings();
    const ports = [{ ports: 24_001, owner: "db", exposure: "never", nodes: ["node-1"], purpose: "store" }];
    return {
      ...core,
      ports: { ...core.ports, ledger: ledger({ nodes: { "node-1": "192.168.11.99", ...nodes }, ports }) },
    };
  };

  test("is the ledger's that has its address", () => {
    const found = surveyPorts([task], rules({ "node-1": "192.168.11.21" }));
    expect(portStateAt(found, { port: 24_001, protocol: "tcp", node: "node-1" }).status).toBe("Squatted");
  });

  test("keeps its id where the ledger has no such address, and a route to what is never exposed on any node is refused", () => {
    const core = rules({});
    const { registrations } = portStateAt(surveyPorts([task], core), {
      port: 24_001,
      protocol: "tcp",
      node: "3f4f-id",
    });
    expect(holders(registrations)).toEqual(["web"]);
    expect(pass([task], { settings: core }).diagnostics).toMatchObject([{ code: "PORT_WITHHELD" }]);
    const named = rules({ "node-2": "192.168.11.21" });
    expect(pass([task], { settings: named }).diagnostics).toEqual([]);
  });
});

test("a service without a port holds none, and its node is known all the same", () => {
  const found = survey([instance({ port: 0, node: "node-9" })]);
  expect(found.registrations.size).toBe(0);
  expect([...found.nodes.keys()]).toEqual(["node-9"]);
});

test("who holds a port is told once, by name, with the namespace", () => {
  const { registrations } = portStateAt(survey([squatter, minio, { ...minio, id: "x", namespace: "core" }]), place);
  expect(holders(registrations)).toEqual(["core/minio", "job", "minio"]);
});
