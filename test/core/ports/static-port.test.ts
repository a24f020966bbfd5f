import { expect, test } from "vitest";
import { answerQuestion } from "../../../src/core/ports/inventory/asking/answer.ts";
import { ledgerLines } from "../../../src/core/ports/inventory/ledger-lines.ts";
import { nextFree } from "../../../src/core/ports/inventory/next-free.ts";
import { portTable } from "../../../src/core/ports/inventory/port-table.ts";
import type { PortGroup } from "../../../src/core/ports/ledger/ledger.ts";
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

test("who asks for such a port is told that it is taken, unless it is declared for the service that asks", () => {
  const nodes = { nas: "192.168.30.6", other: "192.168.30.7" };
  const ask = (survey: ReturnType<typeof surveyed>, service?: string) =>
    answerQuestion(survey, {
      ports: { first: 5000, last: 5001 },
      protocols: ["tcp"],
      ...(service === undefined ? {} : { asking: { service, namespace: "" } }),
    }).parts.map(({ ports, nodes: on, verdict }) => [ports.map(formatRange).join(), on.join(), verdict.kind].join(" "));
  expect(ask(surveyed([NAS], { nodes }))).toEqual(["5000 nas taken", "5000 other free", "5001 nas,other free"]);
  const entry = { ports: 5000, owner: "nas", exposure: "ingress", nodes: ["nas"], purpose: "disk station" };
  expect(ask(surveyed([NAS], { nodes, ports: [entry] }), "nas")[0]).toBe("5000 nas free");
  expect(ask(surveyed([NAS], { nodes, ports: [entry] }), "web")[0]).toBe("5000 nas taken");
});

test("in a group such a port is no next free one, and keeps its distance", () => {
  const groups = [{ name: "core", ports: "5000-5009", spacing: 3, purpose: "what users call" }];
  const survey = surveyed([NAS], { groups });
  expect(nextFree(survey.ledger.groups[0] as PortGroup, survey)).toEqual({ kind: "found", port: 5003 });
});
