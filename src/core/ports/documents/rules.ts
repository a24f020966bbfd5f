import type { Ledger, PortGroup } from "../ledger/ledger.ts";
import { scopeOfGroup } from "../ledger/scope.ts";
import { formatRange, type PortRange } from "../port-range.ts";
import type { Block, Line } from "./document.ts";

/** What a port must keep to by the ledger, and what to do before one is taken. */
export function ruleBlocks(ledger: Ledger, dynamic: PortRange): readonly Block[] {
  const { range, groups, scope, ingress } = ledger;
  const lines: readonly Line[] = [
    [`A service that needs no certain port takes what the scheduler picks (${formatRange(dynamic)}).`],
    ...(range === undefined ? [] : [[`Ports lie within ${formatRange(range)}.`]]),
    ...(scope === "cluster"
      ? [["A port belongs to one service in the whole cluster, whatever its node."]]
      : [["A port belongs to one service of a node and protocol: on two nodes two services may have one port."]]),
    ...groups.map((group) => [groupRule(group, ledger)]),
    ...(ingress.length === 0
      ? []
      : [[`80 and 443 are the load balancer's (${ingress.join(", ")}): users reach services through it.`]]),
    [
      "Before a port is taken: ",
      { code: "portolan ports ask PORT" },
      " says whose it is, in the ledger and in the catalog.",
    ],
    [
      "A port that is taken gets an entry in the ledger: ",
      { code: "portolan check ledger FILE" },
      " finds conflicts, ",
      { code: "portolan ledger" },
      " what the catalog has otherwise.",
    ],
  ];
  return [{ kind: "list", lines }];
}

function groupRule(group: PortGroup, ledger: Ledger): string {
  const { name, ports, spacing, purpose } = group;
  const gaps = spacing > 1 ? `, its ports at least ${spacing} apart, so that gaps are left` : "";
  const isWider = ledger.scope === "node" && scopeOfGroup(group, ledger) === "cluster";
  const scope = isWider ? "; each of them belongs to one service in the whole cluster" : "";
  return `The group ${name} (${purpose}) keeps ${formatRange(ports)}${gaps}${scope}.`;
}
