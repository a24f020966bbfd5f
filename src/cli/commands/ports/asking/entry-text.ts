import type { ProposedEntry } from "../../../../core/ports/inventory/asking/proposed-entry.ts";
import { formatRange } from "../../../../core/ports/port-range.ts";

/** An entry as a line of a ledger's `ports`, in YAML. What the reader has to fill in is `NAME` and `…`. */
export function entryText(
  { ports, protocols, owner = "NAME", namespace, exposure, nodes, from, scope }: ProposedEntry,
  purpose: string,
): string {
  const fields = [
    `ports: ${formatRange(ports)}`,
    ...(protocols.length > 1 ? ["protocol: both"] : protocols.includes("udp") ? ["protocol: udp"] : []),
    `owner: ${scalar(owner)}`,
    ...(namespace === undefined ? [] : [`namespace: ${scalar(namespace)}`]),
    `exposure: ${exposure}`,
    ...(nodes === undefined ? [] : [`nodes: [${nodes.map(scalar).join(", ")}]`]),
    ...(scope === undefined ? [] : [`scope: ${scope}`]),
    ...(from === undefined ? [] : [`from: [${from.map(scalar).join(", ")}]`]),
    `purpose: ${scalar(purpose)}`,
  ];
  return `- { ${fields.join(", ")} }`;
}

/** A text as YAML's: bare where nothing can be read otherwise than as this text, else quoted as in JSON. */
function scalar(text: string): string {
  const isPlain = /^[A-Za-z…][\w.…-]*(?: [\w.…-]+)*$|^\d+(?:\.\d+){3}(?:\/\d+)?$/.test(text);
  return isPlain && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text) ? text : JSON.stringify(text);
}
