import { count, someNames } from "../../../base/count.ts";
import { printable } from "../../../base/printable.ts";
import type { IngressNode } from "../../../core/ports/ledger/ingress-nodes.ts";
import type { OtherHost, RoutedHosts } from "./routed-names.ts";

/**
 * Lines for a hosts file: each name with the address of each ingress node. What no such file can say is a comment with the
 * reason, and with the record of a zone where one can say it. Nothing of a name can begin a line or another field.
 *
 * @param ingress at least one, with addresses that are IP addresses
 */
export function hostsFile({ names, others }: RoutedHosts, ingress: readonly IngressNode[]): string {
  const width = Math.max(...ingress.map(({ address }) => address.length));
  const to = ingress.map(({ node, address }) => (node === address ? address : `${node} ${address}`)).join(", ");
  const lines = [
    `# ${count(names.length, "routed host")}, by portolan; ingress: ${to}`,
    ...names.flatMap(({ name }) => ingress.map(({ address }) => `${address.padEnd(width)} ${name}`)),
    ...others.map((other) => `# ${whyNot(other, ingress)}`),
  ];
  return lines.map((line) => `${printable(line)}\n`).join("");
}

/** A record of a zone's file, which PowerDNS and BIND import. */
export function zoneRecord(name: string, address: string): string {
  return `${name}. IN ${address.includes(":") ? "AAAA" : "A"} ${address}`;
}

const MOST_ROUTERS = 5;

function whyNot({ host, kind, routers }: OtherHost, ingress: readonly IngressNode[]): string {
  const of = `(${someNames(routers, MOST_ROUTERS)})`;
  switch (kind) {
    case "wildcard": {
      const records = ingress.map(({ address }) => zoneRecord(host, address)).join("; ");
      return `${host} ${of}: a hosts file takes no wildcards; a zone does: ${records}`;
    }
    case "pattern":
      return `${host} ${of}: a regular expression, of which the names are not known; write down those that are used`;
    case "any":
      return `any host ${of}: the rule names none, so that every name leads there that leads to these addresses`;
    case "address":
      return `${host} ${of}: an address needs no name`;
    case "own-machine":
      return `${host} ${of}: this name means each machine itself, and is left to it`;
    case "no-name":
      return `${JSON.stringify(host)} ${of}: no name that DNS can have`;
  }
}
