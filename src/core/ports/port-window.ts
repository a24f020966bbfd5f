import { isAnyPattern } from "../catalog/glob.ts";
import { DEFAULT_NAMESPACE, namespaceOf, type ServiceInstance } from "../catalog/snapshot.ts";
import { coversAnywhere, isOnNode, type LedgerEntry, type Place } from "./ledger/ledger.ts";
import { isOwner, mayBeOwner, ownerName } from "./ledger/owner.ts";
import { isSurelyOn, mayBeElsewhereOn, mayBeOn, type Whereabouts } from "./ledger/whereabouts.ts";
import { portClass } from "./port-class.ts";
import { formatRange, isWithin } from "./port-range.ts";
import type { PortSettings } from "./port-settings.ts";

/** Where a service wants to send requests. The node is unknown where the target is not the address that it is registered with. */
export interface WantedBackend extends Place, Whereabouts {
  readonly service: Pick<ServiceInstance, "service" | "namespace">;
}

export type PortVerdict =
  | { readonly kind: "dynamic" }
  | { readonly kind: "declared"; readonly entry: LedgerEntry }
  | {
      readonly kind: "refused";
      readonly code: "PORT_OUTSIDE_WINDOW" | "PORT_WITHHELD";
      readonly message: string;
      readonly remedy: string;
      /** The line of the settings that declares the port; it ends the remedy. */
      readonly opens?: { readonly file: "settings"; readonly lines: string };
    };

/**
 * May this port become a backend of this service? Dynamic ports may, because no operator planned them and nothing else relies
 * on them; everything else is infrastructure until the ledger declares it. The first line that holds counts:
 *
 * | the ledger | the port | judged |
 * |---|---|---|
 * | says `never` of the place | any | withheld, whichever service asks |
 * | says `internal` of the owner's own place, for its namespace or for none | any | withheld |
 * | says `internal` of another node, whose address the target has | any | withheld, whichever service asks |
 * | says either of the node's port behind which the owner listens on this one (`internalPort`) | any | withheld |
 * | says either of the port, on any node, and the target's node is not known | any | withheld, whichever service asks |
 * | declares the place for this service, on each node whose address it may be | any | declared |
 * | says nothing that counts | dynamic | dynamic |
 * | says nothing that counts | any other | outside the window |
 */
export function judgePort(wanted: WantedBackend, { dynamic, ledger }: PortSettings): PortVerdict {
  const { port, service } = wanted;
  const spoken = ledger.entries.filter((entry) => coversAnywhere(entry, wanted));
  const withholding =
    spoken.find((entry) => {
      if (entry.exposure === "never") return mayBeOn(entry, wanted);
      if (entry.exposure !== "internal") return false;
      return mayBeElsewhereOn(entry, wanted) || (mayBeOwner(entry, service) && mayBeOn(entry, wanted));
    }) ?? ledger.entries.find((entry) => withholdsBehind(entry, wanted));
  if (withholding !== undefined) return withheld(wanted, withholding);
  const declared = spoken.find((entry) => isOwner(entry, service) && isSurelyOn(entry, wanted));
  if (declared !== undefined) return { kind: "declared", entry: declared };
  if (isWithin(port, dynamic)) return { kind: "dynamic" };
  const found = {
    kind: "refused",
    code: "PORT_OUTSIDE_WINDOW",
    message: `port ${port} is ${described(port, dynamic)}, outside the dynamic range ${formatRange(dynamic)}`,
  } as const;
  const choose = "let the scheduler choose the port, or";
  // Pasted, such a line would open the port to other services.
  if (isAnyPattern([service.service, service.namespace])) {
    return {
      ...found,
      remedy: `${choose} name the service without an asterisk, which would stand for other names in a ledger`,
    };
  }
  const lines = declaration(wanted, ledger.file);
  return {
    ...found,
    remedy: `${choose} declare it in ${ledger.file ?? "the settings"}: ${lines}`,
    ...(ledger.file === undefined ? { opens: { file: "settings", lines } } : {}),
  };
}

/** Is this the port that an owner listens on behind one that it may not have routed? */
function withholdsBehind(entry: LedgerEntry, wanted: WantedBackend): boolean {
  const { port, protocol, service } = wanted;
  if (entry.internalPort !== port || (entry.exposure !== "never" && entry.exposure !== "internal")) return false;
  return entry.protocols.includes(protocol) && mayBeOwner(entry, service) && mayBeOn(entry, wanted);
}

/**
 * May a server that the operator lists as an authentication endpoint be asked? Its port need be neither dynamic nor declared,
 * and may be internal to its owner; only `never` in the ledger withholds it.
 */
export function judgeAuthEndpoint(wanted: WantedBackend, { ledger }: PortSettings): PortVerdict {
  const never = ledger.entries.find(
    (entry) => entry.exposure === "never" && coversAnywhere(entry, wanted) && mayBeOn(entry, wanted),
  );
  return never === undefined ? { kind: "dynamic" } : withheld(wanted, never);
}

function withheld({ port, node, claimed = [] }: WantedBackend, entry: LedgerEntry): PortVerdict {
  const { origin, ports, exposure, purpose } = entry;
  const whose = `${formatRange(ports)} of ${ownerName(entry)}: ${purpose}`;
  const others = isOnNode(entry, node) ? [] : claimed.filter((name) => isOnNode(entry, name));
  const where = others.length === 0 ? "" : ` on ${others.join(", ")}, whose address the service has`;
  const move = others.length === 0 ? "" : `register the service with the address of its own node, ${node}; or `;
  return {
    kind: "refused",
    code: "PORT_WITHHELD",
    message: `port ${port} is declared ${exposure === "never" ? "never to be exposed" : "internal"}${where} (${origin}, ${whose})`,
    remedy:
      exposure === "never"
        ? `${move}remove the tags that ask for a route, or let the scheduler choose another port`
        : `${move}remove the tags that ask for a route, or change the exposure in ${origin}`,
  };
}

function described(port: number, dynamic: PortSettings["dynamic"]): string {
  if (port < 1) return "no port at all";
  const own = portClass(port, dynamic);
  return `${own === "infrastructure" ? "an" : "a"} ${own} port`;
}

function declaration({ service, port, protocol }: WantedBackend, file: string | undefined): string {
  const inNamespace =
    namespaceOf(service) === DEFAULT_NAMESPACE ? "" : `, namespace: ${JSON.stringify(service.namespace)}`;
  const owner = `${JSON.stringify(service.service)}${inNamespace}`;
  if (file === undefined) return `ports: { exceptions: [{ service: ${owner}, ports: "${port}", purpose: "…" }] }`;
  const udp = protocol === "udp" ? ", protocol: udp" : "";
  return `ports: [{ ports: ${port}${udp}, owner: ${owner}, exposure: ingress, purpose: "…" }]`;
}
