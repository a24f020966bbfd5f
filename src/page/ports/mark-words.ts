import { count } from "../../base/count.ts";
import type { Band, Mark } from "./picture-layout.ts";
import type { PortRow } from "./port-row.ts";

/** A port in one sentence: `8081/tcp on dns-1: powerdns-api, Active`. */
export function portWords({ ports, protocol, node, owner, status, purpose }: PortRow): string {
  const where = node === "*" ? "" : ` on ${node}`;
  const whose = owner === "" ? "" : `${owner}, `;
  return `${ports}/${protocol}${where}: ${whose}${status}${purpose === "" ? "" : ` (${purpose})`}`;
}

/** What a mark of the picture stands for. */
export function markWords({ rows, first, last, status }: Pick<Mark, "rows" | "first" | "last" | "status">): string {
  const [only, ...others] = rows;
  if (only !== undefined && others.length === 0) return portWords(only);
  if (first === last) {
    const more = rows.length > MOST_NAMED ? [`${rows.length - MOST_NAMED} more`] : [];
    return `${first}: ${[...rows.slice(0, MOST_NAMED).map(shortWords), ...more].join("; ")}: ${status}`;
  }
  return `${count(rows.length, "port")} from ${first} to ${last}: ${status}`;
}

const MOST_NAMED = 5;

function shortWords({ protocol, node, owner }: PortRow): string {
  return `${protocol}${node === "*" ? "" : ` on ${node}`} ${owner}`;
}

/** A line of the picture in one sentence, for those who do not see it. */
export function bandWords({ name, kind, ports, counts, nextFree, note }: Band): string {
  const what = kind === "group" ? `group ${name}` : name;
  const of =
    counts.length === 0
      ? "nothing runs or is declared"
      : counts.map(({ ports: n, status }) => `${n} ${status}`).join(", ");
  const free = nextFree === undefined ? "" : `; next free: ${nextFree.port}`;
  return `${what}, ports ${ports.first} to ${ports.last}${note === "" ? "" : ` (${note})`}: ${of}${free}`;
}
