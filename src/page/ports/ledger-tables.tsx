import type { ComponentChildren } from "preact";
import { CopyButton } from "../parts/copy-button.tsx";
import { Empty } from "../parts/empty.tsx";
import { ExplainLink } from "../parts/explain-link.tsx";
import { LinkOut } from "../parts/link-out.tsx";
import { Name } from "../parts/name.tsx";
import { shown } from "../parts/shown.ts";
import { type Column, Table } from "../parts/table.tsx";
import { CLASS_WORDS } from "./class-words.ts";
import { nextEntry, nextFreeWords } from "./next-entry.ts";
import type { Line } from "./picture-layout.ts";
import type { GroupRow, LedgerAnswer, LedgerEntryRow, PortRow } from "./port-row.ts";
import { StatusSign } from "./status-shape.tsx";
import { STATUS_WORDS } from "./status-words.ts";

/** A table of reference shows no more rows; a filter narrows them. */
const MOST_ROWS = 300;

/** The rows that there is room for, and how many more there are. */
function Bounded<Row>({
  rows,
  what,
  children,
}: {
  readonly rows: readonly Row[];
  readonly what: string;
  readonly children: (rows: readonly Row[]) => ComponentChildren;
}) {
  const more = rows.length - MOST_ROWS;
  if (rows.length === 0) return <Empty title={`No ${what} fits the filter`} />;
  return (
    <>
      {children(rows.slice(0, MOST_ROWS))}
      {more > 0 ? <p class="quiet">{more.toLocaleString("en")} more: narrow them by the filter.</p> : null}
    </>
  );
}

/** A word that is never broken. */
function Short({ children }: { readonly children: ComponentChildren }) {
  return <span class="short">{children}</span>;
}

const ENTRY_COLUMNS: readonly Column<LedgerEntryRow>[] = [
  {
    head: "Port",
    cell: ({ ports, first }) => (
      <Short>
        <ExplainLink name={ports} about={String(first)} />
      </Short>
    ),
  },
  { head: "Protocol", cell: ({ protocols }) => <Short>{protocols.join("+")}</Short> },
  { head: "Service", cell: ({ owner }) => <Name text={owner} /> },
  { head: "Exposure", cell: ({ exposure }) => <Short>{exposure}</Short> },
  {
    head: "Nodes",
    cell: ({ nodes }) => (nodes === null ? <Short>every node</Short> : <Name text={nodes.join(", ")} />),
  },
  { head: "Purpose", cell: ({ purpose }) => <Name text={purpose} /> },
  { head: "Status", cell: (entry) => <EntryStatus entry={entry} /> },
];

/** The quick reference: every entry of the ledger, beside what the catalog has. */
export function EntryTable({ entries }: { readonly entries: readonly LedgerEntryRow[] }) {
  return (
    <Bounded rows={entries} what="entry of the ledger">
      {(rows) => (
        <Table caption="Entries of the ledger" columns={ENTRY_COLUMNS} rows={rows} keyOf={({ origin }) => origin} />
      )}
    </Bounded>
  );
}

function EntryStatus({ entry: { status, others, remarks, expected, origin } }: { readonly entry: LedgerEntryRow }) {
  return (
    <>
      <span title={shown(`${STATUS_WORDS[status].means}; ${origin}`)}>
        <StatusSign status={status} /> {status}
      </span>
      {others.length === 0 ? null : (
        <>
          : <Name text={others.join(", ")} />
        </>
      )}
      {expected === null || expected === status.toLowerCase() ? null : (
        <span class="quiet"> (the ledger says {expected})</span>
      )}
      {remarks.map((remark) => (
        <span class="remark" key={remark}>
          <Name text={remark} />
        </span>
      ))}
    </>
  );
}

/** A range that is kept for a purpose: a group, or an entry of several ports. */
interface RangeRow {
  readonly key: string;
  readonly ports: string;
  readonly first: number;
  readonly name: string;
  readonly purpose: string;
  readonly group: GroupRow | undefined;
}

const RANGE_COLUMNS: readonly Column<RangeRow>[] = [
  { head: "Ports", cell: ({ ports }) => <Short>{ports}</Short> },
  { head: "For", cell: ({ name, group }) => <Name text={group === undefined ? name : `group ${name}`} /> },
  { head: "Purpose", cell: ({ purpose }) => <Name text={purpose} /> },
  { head: "Spacing", cell: ({ group }) => group?.spacing ?? "" },
  { head: "Next free", cell: ({ group }) => (group === undefined ? "" : <NextFree group={group} />) },
];

function NextFree({ group }: { readonly group: GroupRow }) {
  const entry = nextEntry(group);
  return (
    <>
      {nextFreeWords(group)} {entry === undefined ? null : <CopyButton text={entry} what="its entry" />}
    </>
  );
}

/** Reserved ranges with the next free port of each group. */
export function RangeTable({
  groups,
  entries,
}: {
  readonly groups: readonly GroupRow[];
  readonly entries: readonly LedgerEntryRow[];
}) {
  const rows: readonly RangeRow[] = [
    ...groups.map((group) => ({ ...group, key: `group ${group.name}`, group })),
    ...entries
      .filter(({ first, last }) => first !== last)
      .map(({ ports, first, owner, purpose, origin }) => {
        return { key: origin, ports, first, name: owner, purpose, group: undefined };
      }),
  ].toSorted((one, other) => one.first - other.first);
  return (
    <Bounded rows={rows} what="range of the ledger">
      {(bounded) => <Table caption="Reserved ranges" columns={RANGE_COLUMNS} rows={bounded} keyOf={({ key }) => key} />}
    </Bounded>
  );
}

type Undeclared = LedgerAnswer["undeclared"][number];

const UNDECLARED_COLUMNS: readonly Column<Undeclared>[] = [
  { head: "Port", cell: ({ port, protocol }) => <ExplainLink name={`${port}/${protocol}`} about={String(port)} /> },
  { head: "Service", cell: ({ service }) => <Name text={service} /> },
  { head: "Nodes", cell: ({ nodes }) => <Name text={nodes.join(", ")} /> },
  {
    head: "Entry",
    cell: ({ declaration, instead }) =>
      declaration === null ? (
        <Name text={instead ?? ""} />
      ) : (
        <>
          <code>
            <Name text={declaration} />
          </code>{" "}
          <CopyButton text={`- ${declaration}`} what="the entry" />
        </>
      ),
  },
];

/** What services hold and no ledger declares, each with the line that declares it. */
export function UndeclaredTable({ undeclared }: { readonly undeclared: readonly Undeclared[] }) {
  return (
    <Bounded rows={undeclared} what="undeclared port">
      {(rows) => (
        <Table
          caption="Undeclared ports"
          columns={UNDECLARED_COLUMNS}
          rows={rows}
          keyOf={({ port, protocol, service }) => `${port}/${protocol} ${service}`}
        />
      )}
    </Bounded>
  );
}

const CLASS_COLUMNS: readonly Column<Line>[] = [
  { head: "Class", cell: ({ name }) => name },
  { head: "Ports", cell: ({ ports: { first, last } }) => <Short>{`${first}-${last}`}</Short> },
  { head: "Who", cell: ({ name }) => classWords(name).who },
  { head: "Policy", cell: ({ name }) => classWords(name).policy },
];

function classWords(name: string) {
  return CLASS_WORDS[name as PortRow["class"]];
}

/** The classes of ports, what Nomad must be told, and where the dynamic range comes from. */
export function ClassTable({
  lines,
  dynamic,
  reserved,
}: {
  readonly lines: readonly Line[];
  readonly dynamic: { readonly ports: string; readonly origin: string };
  readonly reserved: LedgerAnswer["reserved"];
}) {
  return (
    <>
      <Table caption="Classes of ports" columns={CLASS_COLUMNS} rows={lines} keyOf={({ ports }) => ports.first} />
      <p>
        Dynamic ports: {dynamic.ports} (<Name text={dynamic.origin} />
        ).
      </p>
      {reserved.length === 0 ? null : (
        <>
          <h2>What Nomad must be told</h2>
          <p>Declared ports inside the dynamic range: Nomad hands them out, unless its clients reserve them.</p>
          <Table
            caption="What Nomad must be told"
            columns={[
              { head: "Nodes", cell: ({ nodes }) => <Name text={nodes} /> },
              {
                head: "Configuration of the Nomad client",
                cell: ({ config }) => (
                  <>
                    <code>
                      <Name text={config} />
                    </code>{" "}
                    <CopyButton text={config} what="it" />
                  </>
                ),
              },
            ]}
            rows={reserved}
            keyOf={({ nodes }) => nodes}
          />
        </>
      )}
    </>
  );
}

const ACCESS_COLUMNS: readonly Column<LedgerEntryRow>[] = [
  { head: "Service", cell: ({ owner }) => <Name text={owner} /> },
  { head: "Port", cell: ({ ports }) => ports },
  { head: "Exposure", cell: ({ exposure }) => exposure },
  {
    head: "At",
    cell: ({ accessUrls }) =>
      accessUrls.map((url) => (
        <span class="remark" key={url}>
          <LinkOut to={url}>
            <Name text={url} />
          </LinkOut>
        </span>
      )),
  },
];

/** Where users reach what is public or restricted. */
export function AccessTable({ entries }: { readonly entries: readonly LedgerEntryRow[] }) {
  return (
    <Bounded rows={entries} what="access URL">
      {(rows) => <Table caption="Access URLs" columns={ACCESS_COLUMNS} rows={rows} keyOf={({ origin }) => origin} />}
    </Bounded>
  );
}
