import { filterWords, type RowFields, rowFilter } from "../parts/row-filter.ts";
import type { GroupRow, LedgerAnswer, LedgerEntryRow, PortRow, Ports } from "./port-row.ts";

const FIELDS: RowFields<PortRow> = {
  fields: {
    protocol: ({ protocol }) => [protocol.replace("?", "")],
    node: ({ node }) => [node],
    owner: ({ owner, names }) => [owner, ...names],
    class: (row) => [row.class],
    status: ({ status }) => [status],
    exposure: ({ exposures }) => exposures,
    purpose: ({ purpose }) => [purpose],
    number: ({ ports }) => [ports],
  },
  whole: ["protocol", "class", "status", "exposure"],
  judged: { port: isAmong },
  plain: ["number", "owner", "node", "purpose", "status", "class"],
};

const ENTRY_FIELDS: RowFields<LedgerEntryRow> = {
  fields: {
    protocol: ({ protocols }) => protocols,
    node: ({ nodes }) => nodes ?? ["every node"],
    owner: ({ owner, others }) => [owner, ...others],
    status: ({ status }) => [status],
    exposure: ({ exposure }) => [exposure],
    purpose: ({ purpose }) => [purpose],
    number: ({ ports }) => [ports],
  },
  whole: ["protocol", "status", "exposure"],
  judged: { port: isAmong },
  plain: ["number", "owner", "node", "purpose", "status", "exposure"],
};

const GROUP_FIELDS: RowFields<GroupRow> = {
  fields: { owner: ({ name }) => [name], purpose: ({ purpose }) => [purpose], number: ({ ports }) => [ports] },
  judged: { port: isAmong },
  plain: ["number", "owner", "purpose"],
};

const UNDECLARED_FIELDS: RowFields<LedgerAnswer["undeclared"][number]> = {
  fields: {
    protocol: ({ protocol }) => [protocol],
    node: ({ nodes }) => nodes,
    owner: ({ service }) => [service],
    status: () => ["Undeclared"],
    number: ({ port }) => [String(port)],
  },
  whole: ["protocol", "status"],
  judged: { port: ({ port }, word) => isAmong({ first: port, last: port }, word) },
  plain: ["number", "owner", "node", "status"],
};

export const filterUndeclared = (text: string) => rowFilter(text, UNDECLARED_FIELDS);
export const filterPorts = (text: string) => rowFilter(text, FIELDS);
export const filterEntries = (text: string) => rowFilter(text, ENTRY_FIELDS);
export const filterGroups = (text: string) => rowFilter(text, GROUP_FIELDS);

/** Do the row's ports and `8081`, or `8000-8099`, have any in common? */
function isAmong({ first, last }: Ports, word: string): boolean {
  const asked = parsePorts(word);
  return asked !== undefined && first <= asked.last && last >= asked.first;
}

/** `8081`, or `8000-8099`; undefined for anything else. */
export function parsePorts(text: string): Ports | undefined {
  const [, first = "", last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  if (first === "") return undefined;
  const found = { first: Number(first), last: Number(last) };
  return found.first <= found.last && found.last <= 65_535 ? found : undefined;
}

/** The ports that a filter names by one word `port:`, where these are several: the picture shows them alone. */
export function portsInFilter(text: string): Ports | undefined {
  const words = filterWords(text, ["port"]).filter(({ field, isLeftOut }) => field === "port" && !isLeftOut);
  const [word, ...others] = words;
  const ports = word === undefined || others.length > 0 ? undefined : parsePorts(word.text);
  return ports === undefined || ports.first === ports.last ? undefined : ports;
}

/** For the field's label. */
export const PORT_FILTER_FIELDS = ["port", ...Object.keys(FIELDS.fields).filter((field) => field !== "number")];
