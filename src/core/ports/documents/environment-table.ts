import { DEFAULT_NAMESPACE } from "../../catalog/snapshot.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { clientName, type NamedService } from "../ledger/owner.ts";
import { type Block, type Line, paragraph } from "./document.ts";
import { environmentOf } from "./environment.ts";

/**
 * The variables of each service whose environment the ledger says something of: it names them itself, or the service is a client.
 * Patterns of names stand for no service of their own.
 */
export function environmentBlocks(ledger: Ledger): readonly Block[] {
  const rows = servicesIn(ledger).flatMap(([name, service]) =>
    environmentOf(ledger, [service]).variables.map((variable): readonly Line[] => [
      [name],
      [{ code: `${variable.name}=${variable.value}` }],
      [variable.why],
    ]),
  );
  if (rows.length === 0) return [];
  return [
    paragraph(
      "For a job: ",
      { code: "portolan env SERVICE" },
      "; with ",
      { code: "--format nomad" },
      " as a block of its file.",
    ),
    { kind: "table", heads: ["Service", "Variable", "Why"], rows },
  ];
}

function servicesIn({ entries }: Ledger): readonly (readonly [string, NamedService])[] {
  const clients = entries.flatMap((entry) => entry.clients ?? []);
  const owners = entries
    .filter(({ env }) => env !== undefined)
    .flatMap(({ owners: names, namespace }) =>
      names.map((service) => (namespace === undefined ? { service } : { service, namespace })),
    );
  const all = new Map(
    [...owners, ...clients]
      .filter(({ service }) => !service.includes("*"))
      .map(
        (one) => [clientName(one), { service: one.service, namespace: one.namespace ?? DEFAULT_NAMESPACE }] as const,
      ),
  );
  return [...all].toSorted(([one], [other]) => (one < other ? -1 : 1));
}
