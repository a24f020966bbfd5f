import { useCallback, useMemo } from "preact/hooks";
import type { PortsAnswer } from "../../api/resources/ports.ts";
import { addressOf } from "../addresses.ts";
import { useList } from "../live/use-live.ts";
import { Age } from "../parts/age.tsx";
import { Badge } from "../parts/badge.tsx";
import { Empty } from "../parts/empty.tsx";
import { FilterField } from "../parts/filter-field.tsx";
import { Name } from "../parts/name.tsx";
import { PartLinks } from "../parts/part-links.tsx";
import { withFieldWord } from "../parts/row-filter.ts";
import { useNarrow } from "../parts/use-narrow.ts";
import { ViewHeading } from "../parts/view-heading.tsx";
import { AccessTable, ClassTable, EntryTable, RangeTable, UndeclaredTable } from "../ports/ledger-tables.tsx";
import { pictureLines } from "../ports/picture-layout.ts";
import {
  filterEntries,
  filterGroups,
  filterPorts,
  filterUndeclared,
  PORT_FILTER_FIELDS,
} from "../ports/port-filter.ts";
import { PortPicture } from "../ports/port-picture.tsx";
import { type PortRow, portRows } from "../ports/port-row.ts";
import { PortTable } from "../ports/port-table.tsx";
import { StatusSign } from "../ports/status-shape.tsx";
import { STATUS_WORDS, statusCounts, statusNamed } from "../ports/status-words.ts";
import { replaceAddress } from "../shell/navigation.ts";
import type { ViewQuery } from "./view-query.ts";

const PARTS = ["ports", "ledger", "ranges", "undeclared", "access", "classes"] as const;
type Part = (typeof PARTS)[number];

/** The ranges of ports in a picture, what runs and is declared, and the tables of reference. */
export function PortsView({ query }: { readonly query: ViewQuery }) {
  const text = query["filter"] ?? "";
  const part = PARTS.find((one) => one === query["part"]) ?? "ports";
  const { answer, error } = useList("ports");
  const onFilter = useCallback(
    (filter: string) => replaceAddress("ports", { filter, part: query["part"] }),
    [query["part"]],
  );
  const rows = useMemo(
    () => (answer === undefined ? [] : portRows(answer.ports, answer.ledger?.entries ?? [])),
    [answer],
  );
  const found = useMemo(() => rows.filter(filterPorts(text) ?? (() => true)), [rows, text]);
  return (
    <>
      <ViewHeading title="Ports">
        <FilterField
          value={text}
          label={`Filter ports; fields: ${PORT_FILTER_FIELDS.join(", ")}`}
          placeholder="Filter: 8081, owner, node, status:Squatted, port:20000-20999 …"
          onFilter={onFilter}
        />
        {answer === undefined ? null : (
          <p class="counts">{countWords({ text, found: found.length, read: rows.length, total: answer.total })}</p>
        )}
        <StatusCounts rows={rows} text={text} part={query["part"]} />
      </ViewHeading>
      {error === undefined ? null : (
        <p class="note">
          The ports could not be read: <Name text={error} />
        </p>
      )}
      {answer === undefined ? (
        error === undefined ? (
          <Empty title="Reading the ports …" />
        ) : null
      ) : (
        <Known answer={answer} rows={found} text={text} part={part} />
      )}
    </>
  );
}

function countWords(of: {
  readonly text: string;
  readonly found: number;
  readonly read: number;
  readonly total: number;
}) {
  const number = (value: number) => value.toLocaleString("en");
  const all = `${number(of.read)} ${of.read === 1 ? "row" : "rows"}`;
  const unread = of.total > of.read ? `; there are ${number(of.total)}, of which these were read` : "";
  return `${of.text === "" ? all : `${number(of.found)} of ${all}`}${unread}`;
}

/** The legend: how many ports stand how, each as a link that shows those. */
function StatusCounts({
  rows,
  text,
  part,
}: {
  readonly rows: readonly PortRow[];
  readonly text: string;
  readonly part: string | undefined;
}) {
  const counts = useMemo(() => statusCounts(rows), [rows]);
  const asked = statusNamed(/(?:^|\s)status:(\S+)/i.exec(text)?.[1]);
  return (
    <ul class="state-counts" aria-label="Statuses">
      {counts.map(({ status, ports }) => (
        <li key={status}>
          <a
            href={addressOf("ports", {
              filter: withFieldWord(text, "status", status === asked ? undefined : status),
              part,
            })}
            title={STATUS_WORDS[status].means}
            aria-current={status === asked ? "true" : undefined}
          >
            <Badge tone={STATUS_WORDS[status].tone} sign="">
              <StatusSign status={status} /> {ports.toLocaleString("en")} {status}
            </Badge>
          </a>
        </li>
      ))}
    </ul>
  );
}

function Known({
  answer,
  rows,
  text,
  part,
}: {
  readonly answer: PortsAnswer;
  readonly rows: readonly PortRow[];
  readonly text: string;
  readonly part: Part;
}) {
  const { dynamicPorts, ledger } = answer;
  const isNarrow = useNarrow();
  const groups = ledger?.groups ?? NONE;
  const shown = useMemo(() => {
    const { entries, undeclared } = ledger ?? { entries: [], undeclared: [] };
    const own = entries
      .filter(filterEntries(text) ?? (() => true))
      .toSorted((one, other) => one.first - other.first || one.last - other.last);
    return {
      entries: own,
      access: own.filter(({ accessUrls }) => accessUrls.length > 0),
      ranges: own.filter(({ first, last }) => first !== last),
      groups: (ledger?.groups ?? []).filter(filterGroups(text) ?? (() => true)),
      undeclared: undeclared.filter(filterUndeclared(text) ?? (() => true)),
    };
  }, [ledger, text]);
  const lines = useMemo(() => pictureLines({ dynamic: dynamicPorts, groups: [] }, undefined), [dynamicPorts]);
  const counts: Readonly<Record<Part, number | undefined>> = {
    ports: rows.length,
    ledger: shown.entries.length,
    ranges: shown.groups.length + shown.ranges.length,
    undeclared: shown.undeclared.length,
    access: shown.access.length,
    classes: undefined,
  };
  return (
    <>
      <Source answer={answer} />
      <h2 class="visually-hidden">Ranges</h2>
      <PortPicture rows={rows} groups={groups} dynamic={dynamicPorts} filter={text} />
      <PartLinks
        label="Tables"
        view="ports"
        shown={part}
        parts={PARTS.filter((one) => ledger !== null || one === "ports" || one === "classes").map((one) => ({
          name: one,
          title: TITLES[one],
          query: { filter: text, part: one === "ports" ? undefined : one },
          ...(counts[one] === undefined ? {} : { count: counts[one] }),
        }))}
      />
      <h2 class="visually-hidden">{TITLES[part]}</h2>
      {part === "ports" ? <PortsPart rows={rows} text={text} isNarrow={isNarrow} /> : null}
      {part === "ledger" ? <EntryTable entries={shown.entries} /> : null}
      {part === "ranges" ? <RangeTable groups={shown.groups} entries={shown.ranges} /> : null}
      {part === "undeclared" ? <UndeclaredTable undeclared={shown.undeclared} /> : null}
      {part === "access" ? <AccessTable entries={shown.access} /> : null}
      {part === "classes" ? (
        <ClassTable lines={lines} dynamic={dynamicPorts} reserved={ledger?.reserved ?? []} />
      ) : null}
    </>
  );
}

const NONE: readonly never[] = [];

const TITLES: Readonly<Record<Part, string>> = {
  ports: "Ports in use",
  ledger: "Ledger",
  ranges: "Reserved ranges",
  undeclared: "Undeclared",
  access: "Access URLs",
  classes: "Classes",
};

/** Of what the ports are told, and what is not known of them. */
function Source({ answer: { covers, surveyedAt, ledger, dynamicPorts } }: { readonly answer: PortsAnswer }) {
  return (
    <p class="quiet">
      Dynamic ports: {dynamicPorts.ports} (<Name text={dynamicPorts.origin} />
      ).{" "}
      {surveyedAt === null ? null : (
        <>
          All registrations were read <Age since={surveyedAt} /> ago.{" "}
        </>
      )}
      {covers === "watched"
        ? "Only services that ask for routes are shown: all others are read where there is a ledger, soon after the start. "
        : null}
      {ledger === null ? (
        <>
          No ledger: ports are held against no plan (<code>ports.ledger</code>).
        </>
      ) : ledger.file === null ? null : (
        <>
          Ledger: <Name text={ledger.file} />.
        </>
      )}
    </p>
  );
}

function PortsPart({
  rows,
  text,
  isNarrow,
}: {
  readonly rows: readonly PortRow[];
  readonly text: string;
  readonly isNarrow: boolean;
}) {
  if (rows.length > 0) return <PortTable rows={rows} isNarrow={isNarrow} />;
  if (text === "") {
    return (
      <Empty title="No port is registered or declared">
        <p>A service that asks for a route, or an entry of the ledger, is shown here.</p>
      </Empty>
    );
  }
  return (
    <Empty title="No port fits the filter">
      <p>
        <a href={addressOf("ports")}>Clear the filter</a>
      </p>
    </Empty>
  );
}
