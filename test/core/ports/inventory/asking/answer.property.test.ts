import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../../../src/core/catalog/snapshot.ts";
import { answerQuestion, freePorts, type Question } from "../../../../../src/core/ports/inventory/asking/answer.ts";
import { proposeEntry } from "../../../../../src/core/ports/inventory/asking/proposed-entry.ts";
import { VERDICTS } from "../../../../../src/core/ports/inventory/asking/verdict.ts";
import { type PortRow, portTable } from "../../../../../src/core/ports/inventory/port-table.ts";
import { type Ledger, PORT_SCOPES, PROTOCOLS } from "../../../../../src/core/ports/ledger/ledger.ts";
import { isWithin, type PortRange } from "../../../../../src/core/ports/port-range.ts";
import { type PortSurvey, surveyPorts } from "../../../../../src/core/ports/survey.ts";
import { anyHolders, anyLedger, NODES, PORTS, portRange } from "../../../../builders/arbitrary-ledger.ts";

const anyScoped: fc.Arbitrary<Ledger> = fc
  .tuple(anyLedger, fc.constantFrom(...PORT_SCOPES), fc.option(portRange(PORTS), { nil: undefined }))
  .map(([ledger, scope, range]) => {
    if (range === undefined) return { ...ledger, scope };
    const isInside = ({ ports }: { readonly ports: PortRange }) =>
      isWithin(ports.first, range) && isWithin(ports.last, range);
    // The file's schema refuses others.
    return {
      ...ledger,
      scope,
      range,
      groups: ledger.groups.filter(isInside),
      entries: ledger.entries.filter(isInside),
    };
  });

const anySurvey: fc.Arbitrary<PortSurvey> = fc
  .tuple(anyHolders, anyScoped, portRange(PORTS))
  .map(([instances, ledger, dynamic]) => surveyed(instances, ledger, dynamic));

const anyQuestion: fc.Arbitrary<Question> = fc.record(
  {
    ports: portRange(PORTS + 2),
    protocols: fc.subarray([...PROTOCOLS], { minLength: 1 }),
    node: fc.constantFrom(...NODES, "node-9"),
    asking: fc.record({
      service: fc.constantFrom("web", "api", "other"),
      namespace: fc.constantFrom("", "core", "default"),
    }),
  },
  { requiredKeys: ["ports", "protocols"] },
);

function surveyed(instances: readonly ServiceInstance[], ledger: Ledger, dynamic: PortRange): PortSurvey {
  return surveyPorts(instances, { ports: { dynamic, ledger }, traefik: { prefix: "traefik" } });
}

function portsOf({ first, last }: PortRange): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

describe("an answer", () => {
  test("tells of each port, protocol and node once, as if it had been asked about alone", () => {
    fc.assert(
      fc.property(anySurvey, anyQuestion, (survey, question) => {
        const { parts, nodes, verdict } = answerQuestion(survey, question);
        for (const port of portsOf(question.ports)) {
          for (const protocol of question.protocols) {
            for (const node of nodes) {
              const own = parts.filter(
                (part) =>
                  part.nodes.includes(node) &&
                  part.protocols.includes(protocol) &&
                  part.ports.some((range) => isWithin(port, range)),
              );
              const single = { ...question, ports: { first: port, last: port }, protocols: [protocol] };
              const alone = answerQuestion(survey, { ...single, ...(node === undefined ? {} : { node }) });
              expect(own.map((part) => part.verdict.kind)).toEqual([alone.verdict]);
            }
          }
        }
        const worst = VERDICTS.find((kind) => parts.some((part) => part.verdict.kind === kind));
        expect(verdict).toBe(worst);
      }),
    );
  });

  test("counts as free what is free by each protocol on each node", () => {
    fc.assert(
      fc.property(anySurvey, anyQuestion, (survey, question) => {
        const answer = answerQuestion(survey, question);
        const free = freePorts(answer).flatMap(portsOf);
        const alone = portsOf(question.ports).filter(
          (port) => answerQuestion(survey, { ...question, ports: { first: port, last: port } }).verdict === "free",
        );
        expect(free).toEqual(alone);
      }),
    );
  });

  test("says the same of every node where ports are unique in the cluster, but of one that nobody knows", () => {
    fc.assert(
      fc.property(anySurvey, anyQuestion, (survey, question) => {
        const { parts } = answerQuestion(survey, question);
        for (const { verdict, nodes } of parts) {
          if (verdict.isClusterWide && question.node === undefined) expect(nodes).toEqual(NODES);
        }
      }),
    );
  });
});

test("an entry that is proposed is in no conflict, inside the range, and free on its nodes", () => {
  fc.assert(
    fc.property(anyHolders, anyScoped, portRange(PORTS), anyQuestion, (instances, ledger, dynamic, question) => {
      const survey = surveyed(instances, ledger, dynamic);
      const proposal = proposeEntry(survey, answerQuestion(survey, question));
      if (proposal.kind !== "entry") return;
      const { owner = "NAME", ...entry } = proposal.entry;
      const pasted = { ...entry, owners: [owner], origin: "pasted", purpose: "…" };
      const nodes = pasted.nodes ?? [];
      expect(nodes.filter((node) => !ledger.nodes.has(node))).toEqual([]);
      const { range = entry.ports } = ledger;
      expect(isWithin(entry.ports.first, range) && isWithin(entry.ports.last, range)).toBe(true);
      const after = surveyed(instances, { ...ledger, entries: [...ledger.entries, pasted] }, dynamic);
      const own = portTable(after).filter(({ entries }) => entries.some(({ origin }) => origin === "pasted"));
      expect(own.length).toBeGreaterThan(0);
      // Two services may be at one port of an address of their own before, which is no port of the node's.
      const rivals = portTable(survey).filter(({ status }) => status === "Conflict");
      const isNew = ({ ports, node }: PortRow) =>
        !rivals.some((rival) => rival.ports.first === ports.first && rival.node === node);
      expect(own.filter((row) => row.status === "Squatted" || (row.status === "Conflict" && isNew(row)))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
