import type { PortsAnswer, PortsQuery, PortTableRow } from "../../api/resources/ports.ts";
import { AppError } from "../../base/errors.ts";
import { labelOf } from "../../core/catalog/instance-label.ts";
import type { DynamicRange } from "../../core/ports/dynamic-range.ts";
import { comparePortRows, type PortRow, portTable } from "../../core/ports/inventory/port-table.ts";
import { PROTOCOLS } from "../../core/ports/ledger/ledger.ts";
import { ownerName } from "../../core/ports/ledger/owner.ts";
import type { Registration } from "../../core/ports/registration.ts";
import { holders, type PortSurvey } from "../../core/ports/survey.ts";
import { type UiAddresses, uiLinks } from "../ui-links.ts";
import { ledgerView } from "./ledger-view.ts";
import { MOST_NAMED, portsField } from "./port-fields.ts";
import { isServiceNamed } from "./routes-view.ts";
import { isoTime } from "./times.ts";

/** The ports as they are known now. */
export interface KnownPorts {
  readonly survey: PortSurvey;
  /** When everything that is registered was looked at; undefined where the survey is of what asks for routes alone. */
  readonly surveyedAtMs: number | undefined;
  readonly range: DynamicRange;
}

/**
 * The ports that are asked for, a page of them, with the ledger. Throws AppError (E_API_QUERY) where `after` is none of a page.
 *
 * @param ui where the web interfaces of the catalogs are, for links to instances
 */
export function portsView(
  { survey, surveyedAtMs, range }: KnownPorts,
  query: PortsQuery,
  ui: UiAddresses,
): PortsAnswer {
  const { after, limit } = query;
  const found = portTable(survey).filter(askedBy(query));
  const rest = after === undefined ? found : found.filter(isBehind(after));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return {
    covers: surveyedAtMs === undefined ? "watched" : "everything",
    surveyedAt: isoTime(surveyedAtMs),
    dynamicPorts: { ...portsField(range.ports), origin: range.origin },
    ports: page.map((row) => rowView(row, ui)),
    total: found.length,
    next: last === undefined || page.length === rest.length ? null : rowId(last),
    ledger: ledgerView(survey),
  };
}

function askedBy({ service, node, class: wanted, status }: PortsQuery): (row: PortRow) => boolean {
  return (row) =>
    (wanted === undefined || row.class === wanted) &&
    (status === undefined || row.status === status) &&
    (node === undefined || row.node === undefined || row.node === node) &&
    (service === undefined || isOfService(row, service));
}

function isOfService({ registrations, entries }: PortRow, service: string): boolean {
  return (
    entries.some((entry) => entry.owners.includes(service) || ownerName(entry) === service) ||
    holders(registrations).some((key) => isServiceNamed(key, service))
  );
}

function rowId({ ports, protocol, node }: PortRow): string {
  return `${ports.first}/${protocol}${node === undefined ? "" : ` ${node}`}`;
}

function isBehind(id: string): (row: PortRow) => boolean {
  const [, port = "", text = "", node] = /^(\d{1,5})\/(\w+)(?: (.*))?$/s.exec(id) ?? [];
  const protocol = PROTOCOLS.find((one) => one === text);
  if (protocol === undefined) {
    throw new AppError(`after: found ${JSON.stringify(id)}; next of the page before is allowed`, {
      code: "E_API_QUERY",
      retryable: false,
    });
  }
  const first = Number(port);
  const last = { ports: { first, last: first }, protocol, node };
  return (row) => comparePortRows(row, last) > 0;
}

function rowView(row: PortRow, ui: UiAddresses): PortTableRow {
  const { ports, protocol, node, class: own, status, entries, registrations, statics = [] } = row;
  return {
    id: rowId(row),
    ...portsField(ports),
    protocol,
    isGuess: registrations.length > 0 && registrations.every(({ isGuess }) => isGuess),
    node: node ?? null,
    class: own,
    status,
    registrations: registrations.length,
    holders: holders(registrations).slice(0, MOST_NAMED),
    instances: registrations.slice(0, MOST_NAMED).map((registration) => instanceView(registration, ui)),
    declaredFor: [...new Set(entries.map(ownerName))],
    entries: entries.map(({ origin }) => origin),
    statics: statics.slice(0, MOST_NAMED),
  };
}

function instanceView({ instance }: Registration, ui: UiAddresses): PortTableRow["instances"][number] {
  return { ...labelOf(instance), service: instance.service, ...uiLinks(instance, ui) };
}
