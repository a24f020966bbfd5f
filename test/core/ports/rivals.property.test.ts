import fc from "fast-check";
import { expect, test } from "vitest";
import { statusChanges } from "../../../src/core/ports/inventory/port-statuses.ts";
import { portTable } from "../../../src/core/ports/inventory/port-table.ts";
import type { LedgerEntry, PortScope } from "../../../src/core/ports/ledger/ledger.ts";
import { isOwner } from "../../../src/core/ports/ledger/owner.ts";
import { areRivals, type Registration, registrationsOf } from "../../../src/core/ports/registration.ts";
import { haveRivals } from "../../../src/core/ports/rivals.ts";
import { surveyPorts } from "../../../src/core/ports/survey.ts";
import { anyHolders, anyLedger } from "../../builders/arbitrary-ledger.ts";
import { ledger } from "../../builders/ledger.ts";
import { instance, settings } from "../../builders/world.ts";

/** Each with each. */
function haveRivalsPlainly(
  ones: readonly Registration[],
  others: readonly Registration[],
  { entries, scope }: { readonly entries: readonly LedgerEntry[]; readonly scope: PortScope },
): boolean {
  const isShared = (one: Registration, other: Registration) =>
    entries.some((entry) => isOwner(entry, one.instance) && isOwner(entry, other.instance));
  return ones.some((one) => others.some((other) => areRivals(one, other, scope) && !isShared(one, other)));
}

test("counting finds the rivals that comparing each with each finds", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      anyHolders,
      anyLedger,
      fc.constantFrom<PortScope>("node", "cluster"),
      fc.nat(),
      (instances, declared, scope, kept) => {
        const onePort = instances.map((one) => ({ ...one, port: 8, tags: [] }));
        const others = onePort.flatMap((one) => registrationsOf(one, { ledger: declared, prefix: "traefik" }));
        const tcp = others.filter(({ port, protocol }) => port === 8 && protocol === "tcp");
        const entries = declared.entries.filter((_, at) => (kept >> at) % 2 === 1);
        const ones = tcp.filter(({ isInside }, at) => !isInside || (kept >> (5 + at)) % 2 === 1);
        const found = haveRivals(ones, tcp, { entries, scope });
        seen.add(`${scope} ${found}`);
        expect(found).toBe(haveRivalsPlainly(ones, tcp, { entries, scope }));
      },
    ),
    { numRuns: 2000 },
  );
  expect(seen.size).toBe(4);
});

test.each([1, 3])(
  "a port that two services have on %i hundred nodes costs each of them a share, not each pair",
  (hundreds) => {
    const declared = ledger({
      scope: "cluster",
      ports: [{ ports: 30_810, owner: ["api-*"], exposure: "internal", purpose: "x" }],
    });
    const core = settings();
    const instances = Array.from({ length: 100 * hundreds }, (_, at) =>
      ["one", "two"].map((name) =>
        instance({ service: `api-${name}`, id: `${name}-${at}`, port: 30_810, node: `n${at}` }),
      ),
    ).flat();
    const found = surveyPorts(instances, { ...core, ports: { ...core.ports, ledger: declared } });
    let reads = 0;
    const counted = [...found.registrations].map(([place, there]) => {
      const own = there.map((one) => ({
        ...one,
        get instance() {
          reads += 1;
          return one.instance;
        },
      }));
      return [place, own] as const;
    });
    const survey = { ...found, registrations: new Map(counted) };
    expect(portTable(survey)).toHaveLength(100 * hundreds);
    expect(statusChanges(found, survey)).toEqual([]);
    expect(reads / instances.length).toBeLessThan(50);
  },
);
