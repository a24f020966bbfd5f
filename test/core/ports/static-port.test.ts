import { expect, test } from "vitest";
import { ledgerLines } from "../../../src/core/ports/inventory/ledger-lines.ts";
import { portTable } from "../../../src/core/ports/inventory/port-table.ts";
import { formatRange } from "../../../src/core/ports/port-range.ts";
import type { StaticPort } from "../../../src/core/ports/static-port.ts";
import { surveyPorts } from "../../../src/core/ports/survey.ts";
import { ledger } from "../../builders/ledger.ts";
import { instance, settings } from "../../builders/world.ts";

const NAS: StaticPort = { port: 5000, protocol: "tcp", host: "192.168.30.6", name: "http/services/nas" };

function surveyed(
  statics: readonly StaticPort[],
  content: object = {},
  instances = [] as ReturnType<typeof instance>[],
) {
  const core = settings();
  return surveyPorts(instances, { ...core, ports: { ...core.ports, ledger: ledger(content) } }, statics);
}

const rows = (survey: ReturnType<typeof surveyed>) =>
  portTable(survey).map(
    ({ ports, node = "*", status, statics = [] }) => `${formatRange(ports)} ${node} ${status} ${statics.join(",")}`,
  );

test("a fixed address has its line, on the node that has it, else by the address itself", () => {
  expect(rows(surveyed([NAS]))).toEqual(["5000 192.168.30.6 Static http/services/nas"]);
  expect(rows(surveyed([NAS, { ...NAS, name: "http/services/disks" }], { nodes: { nas: "192.168.30.6" } }))).toEqual([
    "5000 nas Static http/services/disks,http/services/nas",
  ]);
});

test("where the ledger declares it no second line tells of it, and the entry counts as in use", () => {
  const entry = { ports: 5000, owner: "nas", exposure: "ingress", nodes: ["nas"], purpose: "disk station" };
  const survey = surveyed([NAS], { nodes: { nas: "192.168.30.6" }, ports: [entry] });
  expect(rows(survey)).toEqual(["5000 nas Static http/services/nas"]);
  expect(ledgerLines(survey).map(({ status }) => status)).toEqual(["Active"]);
  expect(
    ledgerLines(surveyed([], { nodes: { nas: "192.168.30.6" }, ports: [entry] })).map(({ status }) => status),
  ).toEqual(["Reserved"]);
});

test("once a service registers there it is the service's line", () => {
  const registered = instance({ service: "nas", node: "nas", nodeAddress: "192.168.30.6", port: 5000 });
  expect(rows(surveyed([NAS], {}, [registered]))).toEqual(["5000 nas Undeclared "]);
  const byAnAgent = instance({ service: "nas", nodeAddress: "192.168.11.11", address: "192.168.30.6", port: 5000 });
  expect(rows(surveyed([NAS], {}, [byAnAgent])).filter((row) => row.includes("Static"))).toEqual([]);
});
