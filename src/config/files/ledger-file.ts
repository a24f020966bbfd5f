import { z } from "zod";
import { EXPOSURES, type Ledger, PROTOCOLS } from "../../core/ports/ledger.ts";
import { formatRange, intersection, type PortRange } from "../../core/ports/port-range.ts";
import { isIpRange } from "../../go/ip-address.ts";
import { checkFile } from "./checked-file.ts";
import { text } from "./field-kinds.ts";
import { portRange } from "./port-range.ts";

export type ParsedLedger =
  | { readonly kind: "sound"; readonly ledger: Ledger }
  | { readonly kind: "refused"; readonly errors: readonly string[] };

const network = z.string().refine(isIpRange, { message: "an address or a range such as 192.168.11.0/24 is allowed" });

const entry = z.strictObject({
  ports: portRange,
  protocol: z.enum([...PROTOCOLS, "both"]).default("tcp"),
  owner: text.describe("service of the catalog, or what else has the port"),
  namespace: text.exactOptional(),
  exposure: z.enum(EXPOSURES).describe("from where it may be reached; `ingress` may be routed, `never` never is"),
  nodes: z.array(text).min(1).exactOptional().describe("only there; default: everywhere"),
  from: z.array(network).exactOptional().describe("networks that may reach it"),
  purpose: text,
  status: z.enum(["reserved", "active"]).exactOptional(),
  scheme: z
    .string()
    .regex(/^[a-z][a-z0-9+.-]*$/, { message: "a scheme such as http, https or postgres is allowed" })
    .exactOptional(),
});

const group = z.strictObject({
  name: text,
  ports: portRange,
  spacing: z.number().int().min(1).default(1),
  purpose: text,
});

/** The schema of a ledger's file. */
export const ledgerFile = z.strictObject({
  range: portRange.exactOptional(),
  nodes: z.record(text, text).default({}),
  ingress: z.array(text).default([]),
  networks: z.array(network).default([]),
  groups: z.array(group).default([]),
  ports: z.array(entry).default([]),
});

type LedgerFile = z.infer<typeof ledgerFile>;

/**
 * Reads the content of a ledger's file. Every object is strict: an entry with a misspelt key would protect nothing.
 *
 * @param path the file, as messages name it
 */
export function parseLedger(content: unknown, path: string): ParsedLedger {
  const checked = checkFile(ledgerFile, content);
  if (checked.kind === "refused") return checked;
  const errors = crossChecks(checked.content);
  if (errors.length > 0) return { kind: "refused", errors };
  const { nodes, ingress, networks, groups, ports } = checked.content;
  const entries = ports.map(({ protocol, status, ...rest }, position) => ({
    ...rest,
    origin: `${path.replace(/^.*\//, "")}: ports.${position}`,
    protocols: protocol === "both" ? PROTOCOLS : [protocol],
    ...(status === undefined ? {} : { expected: status }),
  }));
  return {
    kind: "sound",
    ledger: { file: path, entries, groups, nodes: new Map(Object.entries(nodes)), ingress, networks },
  };
}

/** Rules across fields. */
function crossChecks({ range, nodes, ingress, groups, ports }: LedgerFile): readonly string[] {
  const known = Object.keys(nodes);
  const unknown = (names: readonly string[], path: string) =>
    known.length === 0
      ? []
      : names
          .filter((name) => !known.includes(name))
          .map(
            (name) => `${path}: found ${JSON.stringify(name)}; allowed, since nodes lists them: ${known.join(", ")}`,
          );
  return [
    ...unknown(ingress, "ingress"),
    ...groups.flatMap(({ name, ports: own }, position) => [
      ...outside(range, own, `groups.${position}.ports`),
      ...(groups.findIndex((other) => other.name === name) === position
        ? []
        : [`groups.${position}.name: found ${JSON.stringify(name)}; a name that no other group has is allowed`]),
    ]),
    ...ports.flatMap(({ ports: own, nodes: on = [], exposure, from }, position) => [
      ...outside(range, own, `ports.${position}.ports`),
      ...unknown(on, `ports.${position}.nodes`),
      ...(exposure === "restricted" && (from ?? []).length === 0
        ? [
            `ports.${position}.from: found nothing; with exposure restricted the networks that may reach it must be named`,
          ]
        : []),
    ]),
  ];
}

function outside(range: PortRange | undefined, own: PortRange, path: string): readonly string[] {
  if (range === undefined) return [];
  const common = intersection(range, own);
  if (common?.first === own.first && common.last === own.last) return [];
  return [`${path}: found ${formatRange(own)}; ports within the ledger's range ${formatRange(range)} are allowed`];
}
