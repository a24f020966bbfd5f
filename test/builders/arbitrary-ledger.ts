import fc from "fast-check";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { EXPOSURES, type Ledger } from "../../src/core/ports/ledger/ledger.ts";
import type { PortRange } from "../../src/core/ports/port-range.ts";
import { ledger } from "./ledger.ts";
import { instance } from "./world.ts";

/** Ports from 1 to `last`: few, so that entries and instances meet. */
export function portRange(last: number): fc.Arbitrary<PortRange> {
  const port = fc.integer({ min: 1, max: last });
  return fc.tuple(port, port).map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) }));
}

export const PORTS = 12;
export const NODES = ["node-1", "node-2", "node-3"];

const owner = fc.constantFrom("web", "api", "dns");
const owners = fc.oneof(
  { weight: 3, arbitrary: owner },
  { weight: 1, arbitrary: fc.constantFrom(["web", "api"], "w*") },
);
const scope = fc.constantFrom("node", "cluster");
const nodes = fc.subarray(NODES, { minLength: 1 });

const entry = fc.record(
  {
    ports: portRange(PORTS).map(({ first, last }) => `${first}-${last}`),
    protocol: fc.constantFrom("tcp", "udp", "both"),
    owner: owners,
    scope,
    exposure: fc.constantFrom(...EXPOSURES.filter((one) => one !== "restricted")),
    nodes,
    namespace: fc.constantFrom("core", "lab"),
    purpose: fc.constant("x"),
  },
  { requiredKeys: ["ports", "owner", "exposure", "purpose"] },
);

const group = fc.record({
  ports: portRange(PORTS).map(({ first, last }) => `${first}-${last}`),
  spacing: fc.integer({ min: 1, max: 4 }),
  scope,
  purpose: fc.constant("x"),
});

/** It names all nodes, so that those without services are known too. */
export const anyLedger: fc.Arbitrary<Ledger> = fc
  .record({
    scope: fc.oneof({ weight: 3, arbitrary: fc.constant("node") }, { weight: 1, arbitrary: scope }),
    nodes: fc.constant(Object.fromEntries(NODES.map((node) => [node, `192.168.11.${node.slice(-1)}`]))),
    ports: fc.array(entry, { maxLength: 5 }),
    groups: fc.array(group, { maxLength: 2 }).map((list) => list.map((one, i) => ({ ...one, name: `group-${i}` }))),
  })
  .map(ledger);

/** Instances on the same few ports and nodes, some of one allocation, some with addresses of their own. */
export const anyHolders: fc.Arbitrary<readonly ServiceInstance[]> = fc.array(
  fc
    .record({
      service: owner,
      namespace: fc.constantFrom("", "core", "lab"),
      id: fc.constantFrom(
        "a",
        "b",
        ...["1111", "2222"].map((id) => `_nomad-task-${id}1111-2222-3333-4444-555555555555-x`),
      ),
      node: fc.constantFrom(...NODES),
      address: fc.constantFrom("", "", "172.17.0.2"),
      port: fc.integer({ min: 0, max: PORTS + 2 }),
      tags: fc.constantFrom([], ["traefik.udp.services.x.loadbalancer.server.port=1"], ["traefik.enable=true"]),
    })
    .map((fields) => instance({ ...fields, nodeAddress: `192.168.11.${fields.node.slice(-1)}` })),
  { maxLength: 8 },
);
