import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerQuestion } from "../../../../src/core/ports/inventory/asking/answer.ts";
import { ledgerLines } from "../../../../src/core/ports/inventory/ledger-lines.ts";
import { nextFree } from "../../../../src/core/ports/inventory/next-free.ts";
import { type PortRow, portTable } from "../../../../src/core/ports/inventory/port-table.ts";
import { reservedPorts } from "../../../../src/core/ports/inventory/reserved-ports.ts";
import { PROTOCOLS } from "../../../../src/core/ports/ledger/ledger.ts";
import { isOwner } from "../../../../src/core/ports/ledger/owner.ts";
import { scopeAt } from "../../../../src/core/ports/ledger/scope.ts";
import { portClass as portClassOf } from "../../../../src/core/ports/port-class.ts";
import { isWithin } from "../../../../src/core/ports/port-range.ts";
import type { Registration } from "../../../../src/core/ports/registration.ts";
import { type KnownPortPlace, type PortSurvey, portStateAt, surveyPorts } from "../../../../src/core/ports/survey.ts";
import { anyHolders, anyLedger, NODES, PORTS, portRange } from "../../../builders/arbitrary-ledger.ts";

const anySurvey: fc.Arbitrary<PortSurvey> = fc
  .tuple(anyHolders, anyLedger, portRange(PORTS))
  .map(([instances, ledger, dynamic]) =>
    surveyPorts(instances, { ports: { dynamic, ledger }, traefik: { prefix: "traefik" } }),
  );

function* places(): Generator<KnownPortPlace> {
  for (let port = 1; port <= PORTS + 2; port += 1) {
    for (const protocol of PROTOCOLS) for (const node of NODES) yield { port, protocol, node };
  }
}

/** Of a port that is one owner's on all nodes any line tells. What is registered inside addresses of its own holds none. */
function rowsAt(survey: PortSurvey, { port, protocol, node }: KnownPortPlace): readonly PortRow[] {
  const there = portTable(survey).filter(
    (row) => row.protocol === protocol && isWithin(port, row.ports) && row.registrations.every(isHolder(row)),
  );
  const own = there.filter((row) => row.node === node);
  if (own.length > 0) return own;
  const everywhere = there.filter((row) => row.node === undefined);
  const isClusterWide = scopeAt({ port, protocol }, survey.ledger, survey.dynamic) === "cluster";
  return everywhere.length === 0 && isClusterWide ? there.slice(0, 1) : everywhere;
}

function isHolder({ entries }: PortRow) {
  return ({ isInside, instance }: Registration) => !isInside || entries.some((entry) => isOwner(entry, instance));
}

describe("the table of ports", () => {
  test("has exactly one line for each port that is registered or declared, with its status, and none for others", () => {
    fc.assert(
      fc.property(anySurvey, (survey) => {
        for (const place of places()) {
          const { status } = portStateAt(survey, place);
          const found = rowsAt(survey, place).map((row) => row.status);
          expect(found, JSON.stringify(place)).toEqual(status === "Free" ? [] : [status]);
        }
      }),
    );
  });

  test("agrees with the answer to the question", () => {
    fc.assert(
      fc.property(anySurvey, (survey) => {
        for (const { port, protocol, node } of places()) {
          const question = { ports: { first: port, last: port }, protocols: [protocol], node };
          const { verdict, freeNodes } = answerQuestion(survey, question);
          const [row] = rowsAt(survey, { port, protocol, node });
          // Who is registered at an address of its own alone holds no port of the node's; and who asks for a port of the
          // scheduler's plans it, so that it is taken on all nodes where such ports are.
          const held = (one: string) => portStateAt(survey, { port, protocol, node: one }).registrations.length > 0;
          if (row !== undefined && row.status !== "Inside") expect(verdict).toBe(held(node) ? "taken" : "declared");
          else if (verdict === "taken") expect(NODES.some(held)).toBe(true);
          else expect(["free", "crowded", "unsure"]).toContain(verdict);
          for (const other of freeNodes) expect(rowsAt(survey, { port, protocol, node: other })).toEqual([]);
        }
      }),
    );
  });

  test("has lines within one class, in the order of their ports", () => {
    fc.assert(
      fc.property(anySurvey, (survey) => {
        const rows = portTable(survey);
        expect(rows.map(({ ports }) => ports.first)).toEqual(
          rows.map(({ ports }) => ports.first).toSorted((a, b) => a - b),
        );
        for (const { ports, class: portClass } of rows) {
          for (const port of [ports.first, ports.last]) {
            expect(portClassOf(port, survey.dynamic)).toBe(portClass);
          }
        }
      }),
    );
  });
});

test("an entry's status is the worst of its ports'", () => {
  const order = ["Conflict", "Squatted", "Active", "Reserved"];
  fc.assert(
    fc.property(anySurvey, (survey) => {
      for (const { entry, status } of ledgerLines(survey)) {
        const own = [...places()].filter(
          ({ port, protocol, node }) =>
            isWithin(port, entry.ports) && entry.protocols.includes(protocol) && (entry.nodes ?? NODES).includes(node),
        );
        const found = own.map((place) => portStateAt(survey, place).status);
        expect(order.find((one) => found.some((each) => each === one))).toBe(status);
      }
    }),
  );
});

test("the next free port of a group is free on every node and keeps the distance, unless it says that none does", () => {
  fc.assert(
    fc.property(anySurvey, (survey) => {
      const isTaken = (port: number) =>
        [...places()].some((place) => place.port === port && portStateAt(survey, place).status !== "Free");
      for (const group of survey.ledger.groups) {
        const next = nextFree(group, survey);
        const members = Array.from(
          { length: group.ports.last - group.ports.first + 1 },
          (_, i) => group.ports.first + i,
        );
        if (next.kind === "full") expect(members.every(isTaken)).toBe(true);
        else {
          expect(isWithin(next.port, group.ports)).toBe(true);
          const near = Array.from({ length: 2 * group.spacing - 1 }, (_, i) => next.port - group.spacing + 1 + i);
          expect(isTaken(next.port)).toBe(false);
          expect(near.some(isTaken)).toBe(next.kind === "crowded");
        }
      }
    }),
  );
});

test("Nomad is told of every declared port inside the dynamic range, and of none outside", () => {
  fc.assert(
    fc.property(anySurvey, ({ ledger, dynamic }) => {
      const lines = reservedPorts(ledger, dynamic);
      for (const node of NODES) {
        const line = lines.find((one) => one.node === node) ?? lines.find((one) => one.node === undefined);
        const told = (line?.reservedPorts ?? "").split(",").flatMap((text) => {
          const [first = "", last = first] = text.split("-");
          return text === "" ? [] : [{ first: Number(first), last: Number(last) }];
        });
        for (let port = 1; port <= PORTS; port += 1) {
          const isDeclared =
            ledger.groups.some(({ ports }) => isWithin(port, ports)) ||
            ledger.entries.some(({ ports, nodes }) => isWithin(port, ports) && (nodes ?? NODES).includes(node));
          expect(
            told.some((range) => isWithin(port, range)),
            `${port} on ${node}`,
          ).toBe(isDeclared && isWithin(port, dynamic));
        }
      }
    }),
  );
});
