import { expect, test } from "vitest";
import { parsePorts } from "../../../../../src/cli/commands/ports/asking/question-operand.ts";
import { answerQuestion } from "../../../../../src/core/ports/inventory/asking/answer.ts";
import { proposeEntry } from "../../../../../src/core/ports/inventory/asking/proposed-entry.ts";
import { surveyPorts } from "../../../../../src/core/ports/survey.ts";
import { ledger } from "../../../../builders/ledger.ts";
import { settings } from "../../../../builders/world.ts";

const content = {
  nodes: { a: "10.0.0.1", b: "10.0.0.2" },
  ports: [
    { ports: 53, protocol: "udp", owner: "powerdns", exposure: "internal", purpose: "DNS" },
    { ports: 30_800, owner: "api", exposure: "internal", purpose: "API", nodes: ["a"] },
    { ports: 30_803, protocol: "both", owner: "api", exposure: "internal", purpose: "API" },
  ],
};

function proposed(ports: string, service: string, node?: string) {
  const core = settings();
  const survey = surveyPorts([], { ...core, ports: { ...core.ports, ledger: ledger(content) } });
  const wanted = parsePorts([ports]);
  if (wanted === undefined) throw new Error(`no ports in ${ports}`);
  const asking = { service, namespace: "" };
  return proposeEntry(survey, answerQuestion(survey, { ...wanted, asking, ...(node === undefined ? {} : { node }) }));
}

test.each<[ports: string, service: string, node: string | undefined, why: string, rest: readonly string[]]>([
  ["53/both", "powerdns", "a", "ledger.yml: ports.0", ["53/tcp"]],
  ["53/both", "powerdns", undefined, "ledger.yml: ports.0", ["53/tcp"]],
  ["30800-30802", "api", "a", "ledger.yml: ports.1", ["30801-30802/tcp"]],
  ["30800-30805", "api", "a", "ledger.yml: ports.1, ledger.yml: ports.2", ["30801-30802/tcp", "30804-30805/tcp"]],
  ["30800-30801/both", "api", "a", "ledger.yml: ports.1", ["30801/both", "30800/udp"]],
])("%s for %s on %s is declared in part, and the rest may be had by itself", (ports, service, node, why, rest) => {
  const proposal = proposed(ports, service, node);
  if (proposal.kind !== "none") throw new Error(`is ${proposal.kind}`);
  expect(proposal.why).toBe(`part of it is declared already: ${why}`);
  const each = rest.length === 1 ? "" : "each of ";
  expect(proposal.remedy).toMatch(new RegExp(`^ask for ${each}.* alone$`));
  expect(proposal.remedy.slice(`ask for ${each}`.length, -" alone".length).split(", ").toSorted()).toEqual(
    rest.toSorted(),
  );
  for (const one of rest) expect(proposed(one, service, node).kind).toBe("entry");
});

test.each([
  ["53/udp", "powerdns"],
  ["30803/both", "api"],
])("%s for %s is declared as a whole", (ports, service) => {
  expect(proposed(ports, service).kind).toBe("declared");
});

test("where all of it is declared on one node, and on another node nothing, the entry is for the other", () => {
  expect(proposed("30800", "api")).toMatchObject({ kind: "entry", entry: { nodes: ["b"] } });
});
