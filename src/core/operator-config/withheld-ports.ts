import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { memoize } from "../incremental/memoize.ts";
import { coversAnywhere, isOnNode, type Ledger, type LedgerEntry } from "../ports/ledger/ledger.ts";
import { ownerName } from "../ports/ledger/owner.ts";
import { formatRange } from "../ports/port-range.ts";
import { parseBackendUrl, parseEndpoint } from "../traefik/backend-url.ts";
import { type ConfigObject, kindOf, resourceKey, type Section, transportOf } from "../traefik/chart/dynamic-config.ts";
import { CONNECTING_SECTIONS, connectionsOf } from "../traefik/connections/connections.ts";
import { aboutFile } from "./assemble.ts";
import type { OperatorConfig } from "./operator-config.ts";

/**
 * What the operator's own files send to ports that the ledger withholds. They may: no diagnostic here costs a route. But one of the
 * two files is wrong, and only people know which.
 *
 * | the file | and the ledger says | |
 * |---|---|---|
 * | routes to a port, or asks it (`forwardAuth`, a rate limit's Redis) | `never` | is told |
 * | routes to a port | `internal` | is told |
 * | asks a port | `internal` | not: authentication often is |
 */
export function withheldPorts({ config, origins }: OperatorConfig, ledger: Ledger): readonly Diagnostic[] {
  return origins.size === 0 || ledger.entries.length === 0 ? NONE : withheld(config)(origins)(ledger);
}

const NONE: readonly Diagnostic[] = [];

const withheld = memoize((config: OperatorConfig["config"]) =>
  memoize((origins: OperatorConfig["origins"]) =>
    memoize((ledger: Ledger): readonly Diagnostic[] =>
      CONNECTING_SECTIONS.flatMap((section) =>
        [...config[section]].flatMap(([name, object]) => {
          const origin = origins.get(resourceKey(section, name));
          return origin === undefined ? [] : withheldFrom(origin, section, name, object, ledger);
        }),
      ),
    ),
  ),
);

function withheldFrom(
  origin: string,
  section: Section,
  name: string,
  object: ConfigObject,
  ledger: Ledger,
): readonly Diagnostic[] {
  const isService = kindOf(section) === "services";
  const protocol = transportOf(section);
  return connectionsOf(section, object).flatMap(({ path, text }) => {
    const target = parseBackendUrl(text) ?? parseEndpoint(text);
    if (target === undefined) return [];
    const { host, port } = target;
    const entry = ledger.entries.find(
      (one) =>
        (one.exposure === "never" || (isService && one.exposure === "internal")) &&
        coversAnywhere(one, { port, protocol }) &&
        mayBeAt(host, one, ledger),
    );
    if (entry === undefined) return [];
    const what = `${path} of ${resourceKey(section, name)} is ${host}:${port}`;
    const exposure = entry.exposure === "never" ? "never to be exposed" : "internal";
    return [
      aboutFile(origin, {
        code: "SNIPPET_PORT_WITHHELD",
        message: `${what}, and port ${port} is declared ${exposure} (${entry.origin}, ${formatRange(entry.ports)} of ${ownerName(entry)}: ${entry.purpose}); it is routed all the same, since it is the operator's`,
        remedy: `take it out of ${origin}, or change the exposure in ${entry.origin}`,
      }),
    ];
  });
}

/** May the host be a node that the entry is about? An address that is none of them is not, if their addresses are known. */
function mayBeAt(host: string, entry: LedgerEntry, { nodes }: Ledger): boolean {
  const plain = host.replace(/^\[|\]$/g, "").toLowerCase();
  const known = [...nodes].find(([name, address]) => address === plain || name.toLowerCase() === plain)?.[0];
  if (known !== undefined || entry.nodes === undefined) return isOnNode(entry, known);
  const isAddress = /^[0-9.]+$|:/.test(plain);
  return !isAddress || entry.nodes.some((name) => !nodes.has(name));
}
