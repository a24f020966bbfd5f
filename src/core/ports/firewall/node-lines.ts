import { clientBlock, reservedPorts } from "../inventory/reserved-ports.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { PortRange } from "../port-range.ts";
import { portsNotForOutgoing } from "./outgoing-ports.ts";

/** For `/etc/sysctl.d`: the kernel takes none of these ports for outgoing connections, of IPv6 neither. */
export function sysctlLine(ledger: Ledger, dynamic: PortRange, node: string | undefined): string {
  return `net.ipv4.ip_local_reserved_ports = ${portsNotForOutgoing(ledger, dynamic, node)}`;
}

/** For the configuration of Nomad's client: it hands none of these ports out. Undefined where there is nothing to reserve. */
export function nomadLine(ledger: Ledger, dynamic: PortRange, node: string | undefined): string | undefined {
  const lines = reservedPorts(ledger, dynamic);
  const own =
    lines.find((line) => line.node !== undefined && line.node === node) ??
    lines.find((line) => line.node === undefined && !line.besides.some((besides) => besides === node));
  return own === undefined ? undefined : clientBlock(own);
}
