import { expect, test } from "vitest";
import { nomadLine, sysctlLine } from "../../../../src/core/ports/firewall/node-lines.ts";
import { ledger } from "../../../builders/ledger.ts";

const DYNAMIC = { first: 20_000, last: 32_000 };

const DECLARED = ledger({
  nodes: { "app-1": "10.20.0.11", "db-1": "10.20.0.21" },
  groups: [{ name: "grpc", ports: "50051-50059", purpose: "gRPC" }],
  ports: [
    { ports: 443, owner: "web", exposure: "public", purpose: "system ports are never taken" },
    { ports: 8080, owner: "web", exposure: "ingress", nodes: ["app-1"], purpose: "page" },
    { ports: "20160-20169", owner: "tikv", exposure: "never", nodes: ["db-1"], purpose: "store" },
    { ports: 40_000, protocol: "udp", owner: "turn", exposure: "public", purpose: "relay" },
  ],
});

test.each([
  ["app-1", "8080,20000-32000,40000,50051-50059"],
  ["db-1", "20000-32000,40000,50051-50059"],
])("the kernel of %s takes none of its own declared ports, nor dynamic ones", (node, ports) => {
  expect(sysctlLine(DECLARED, DYNAMIC, node)).toBe(`net.ipv4.ip_local_reserved_ports = ${ports}`);
});

test("Nomad hands no declared port out on the node that has it, and there is no line where it would hand out none", () => {
  expect(nomadLine(DECLARED, DYNAMIC, "db-1")).toBe('client { reserved { reserved_ports = "20160-20169" } }');
  expect(nomadLine(DECLARED, DYNAMIC, "app-1")).toBeUndefined();
  expect(nomadLine(DECLARED, { first: 40_000, last: 41_000 }, "app-1")).toBe(
    'client { reserved { reserved_ports = "40000" } }',
  );
});
