import { expect, test } from "vitest";
import { instanceLabel } from "../../../src/core/catalog/instance-label.ts";
import { nodeNameOf } from "../../../src/core/catalog/node-name.ts";
import { subjectOf } from "../../../src/core/diagnostics/finding.ts";
import { instance } from "../../builders/world.ts";

const ID = "1b2c3d4e-0000-4000-8000-000000000001";
const word = { kind: "of-job", nomad: "n", namespace: "default", job: "shop", isCanary: false } as const;

test("a node of Nomad's has the name that its Nomad tells of the allocation, in labels and diagnostics", () => {
  const ofNomad = instance({ catalog: "nomad", node: ID, nodeId: ID, allocation: { ...word, node: "edge-1" } });
  expect(nodeNameOf(ofNomad)).toBe("edge-1");
  expect(instanceLabel(ofNomad).instance?.node).toBe("edge-1");
  expect(subjectOf(ofNomad).node).toBe("edge-1");
});

test.each([
  ["no allocation is told", undefined],
  ["it was told by an earlier version", word],
  ["the allocation is elsewhere", { kind: "elsewhere", nomad: "n" } as const],
])("it keeps the id where %s", (_, allocation) => {
  const ofNomad = instance({ catalog: "nomad", node: ID, nodeId: ID, ...(allocation && { allocation }) });
  expect(nodeNameOf(ofNomad)).toBe(ID);
});

test("a node of Consul's has its name already", () => {
  expect(nodeNameOf(instance({ node: "node-1", allocation: word }))).toBe("node-1");
});
