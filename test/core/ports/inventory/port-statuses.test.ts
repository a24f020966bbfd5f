import { expect, test } from "vitest";
import type { ServiceInstance } from "../../../../src/core/catalog/snapshot.ts";
import { statusChanges, statusCounts } from "../../../../src/core/ports/inventory/port-statuses.ts";
import { PORT_STATUSES, surveyPorts } from "../../../../src/core/ports/survey.ts";
import { ledger } from "../../../builders/ledger.ts";
import { instance, settings } from "../../../builders/world.ts";

const LEDGER = {
  nodes: { "node-1": "192.168.11.21", "node-2": "192.168.11.22" },
  ports: [
    { ports: 9000, owner: "minio", exposure: "internal", purpose: "S3" },
    { ports: "20160-20169", owner: "tikv", exposure: "never", purpose: "stores" },
  ],
};
const minio = instance({ service: "minio", id: "minio", port: 9000, tags: [] });
const stranger = instance({ service: "job", id: "job", port: 9000, tags: [] });
const scheduled = instance({ service: "web", id: "web", port: 24_000, tags: [] });

function surveyOf(...instances: readonly ServiceInstance[]) {
  const core = settings();
  return surveyPorts(instances, { ...core, ports: { ...core.ports, ledger: ledger(LEDGER) } });
}

test("ports are counted by class and status, each combination, ranges by their ports", () => {
  const counts = statusCounts(surveyOf(minio, scheduled, { ...scheduled, port: 8080 }));
  expect(counts).toHaveLength(4 * PORT_STATUSES.length);
  expect(counts.filter(({ ports }) => ports > 0)).toEqual([
    { class: "infrastructure", status: "Reserved", ports: 1 },
    { class: "infrastructure", status: "Active", ports: 1 },
    { class: "infrastructure", status: "Undeclared", ports: 1 },
    { class: "dynamic", status: "Reserved", ports: 10 },
    { class: "dynamic", status: "Scheduled", ports: 1 },
  ]);
});

test.each<[string, readonly ServiceInstance[], readonly ServiceInstance[], readonly string[]]>([
  ["the owner comes", [], [minio], ["9000 node-1: Reserved, Active"]],
  ["the owner goes", [minio], [], ["9000 node-1: Active, Reserved"]],
  ["a stranger takes its place", [minio], [stranger], ["9000 node-1: Active, Squatted"]],
  ["a stranger comes beside it", [minio], [minio, stranger], ["9000 node-1: Active, Conflict"]],
  ["nothing", [minio, stranger], [stranger, minio], []],
  ["an undeclared one comes", [], [{ ...scheduled, port: 8080 }], ["8080 node-1: Free, Undeclared"]],
  ["the scheduler places one", [], [scheduled], []],
  ["the scheduler moves one", [scheduled], [{ ...scheduled, port: 24_001 }], []],
  [
    "a conflict on a scheduled port",
    [scheduled],
    [scheduled, { ...stranger, port: 24_000 }],
    ["24000 node-1: Scheduled, Conflict"],
  ],
])("%s", (_, before, now, told) => {
  const changes = statusChanges(surveyOf(...before), surveyOf(...now));
  expect(changes.map(({ place, before: was, now: is }) => `${place.port} ${place.node}: ${was}, ${is}`)).toEqual(told);
});

test("at a start what is wrong is told, and nothing else", () => {
  const other = { ...minio, node: "node-2" };
  const found = statusChanges(undefined, surveyOf(stranger, other, scheduled, { ...scheduled, port: 8080 }));
  expect(found.map(({ place, now }) => [place.node, now])).toEqual([["node-1", "Squatted"]]);
});
