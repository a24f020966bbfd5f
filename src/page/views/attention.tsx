import { useCallback, useMemo } from "preact/hooks";
import { SEVERITIES, type Severity } from "../../api/resources/words.ts";
import { addressOf } from "../addresses.ts";
import { Item } from "../attention/attention-item.tsx";
import { type AttentionItem, attentionItems } from "../attention/attention-items.ts";
import { blindSpots } from "../attention/blind-spots.ts";
import { Code } from "../attention/code-group.tsx";
import {
  type CodeGroup,
  codeGroups,
  DIAGNOSTIC_FILTER_FIELDS,
  filterDiagnostics,
} from "../attention/diagnostic-groups.ts";
import { itemsFor, readingOf } from "../attention/shown-attention.ts";
import type { ListName } from "../live/lists.ts";
import { useList, useLive } from "../live/use-live.ts";
import { Badge } from "../parts/badge.tsx";
import { Empty } from "../parts/empty.tsx";
import { FilterField } from "../parts/filter-field.tsx";
import { Name } from "../parts/name.tsx";
import { withFieldWord } from "../parts/row-filter.ts";
import { SEVERITY_TONES } from "../parts/tones.ts";
import { ViewHeading } from "../parts/view-heading.tsx";
import { portRows } from "../ports/port-row.ts";
import { replaceAddress } from "../shell/navigation.ts";
import type { ViewQuery } from "./view-query.ts";

const TITLES: Readonly<Record<Severity, string>> = {
  error: "Errors",
  warning: "Warnings",
  info: "Worth knowing",
};

/** What a person must look at now, the gravest first; and what this view cannot know. */
export function AttentionView({ query }: { readonly query: ViewQuery }) {
  const text = query["filter"] ?? "";
  const status = useLive((known) => known.status);
  const diagnostics = useList("diagnostics");
  const holds = useList("holds");
  const ports = useList("ports");
  const onFilter = useCallback((filter: string) => replaceAddress("attention", { filter }), []);
  const groups = useMemo(() => {
    const { diagnostics: rows, codes } = diagnostics.answer ?? { diagnostics: [], codes: {} };
    return codeGroups(rows.filter(filterDiagnostics(text) ?? (() => true)), codes);
  }, [diagnostics.answer, text]);
  const items = useMemo(() => {
    if (status === undefined) return [];
    const { ports: rows, ledger } = ports.answer ?? { ports: [], ledger: null };
    const input = {
      status,
      holds: holds.answer?.holds ?? [],
      ports: portRows(rows, ledger?.entries ?? []),
    };
    return itemsFor(text, attentionItems(input));
  }, [status, holds.answer, ports.answer, text]);
  const spots = useMemo(() => {
    if (status === undefined) return [];
    const read: readonly (readonly [ListName, string | undefined])[] = [
      ["diagnostics", diagnostics.error],
      ["holds", holds.error],
      ["ports", ports.error],
    ];
    const errors = read.flatMap(([list, error]) => (error === undefined ? [] : [{ list, error }]));
    return blindSpots(status, { ports: ports.answer, errors });
  }, [status, diagnostics.error, holds.error, ports.error, ports.answer]);
  const reading = readingOf([{ answer: status, error: undefined }, diagnostics, holds, ports]);
  const total = diagnostics.answer?.total ?? 0;
  const read = diagnostics.answer?.diagnostics.length ?? 0;
  return (
    <>
      <ViewHeading title="Attention">
        <FilterField
          value={text}
          label={`Filter diagnostics; fields: ${DIAGNOSTIC_FILTER_FIELDS.join(", ")}`}
          placeholder="Filter diagnostics: code, service, node, severity:error …"
          onFilter={onFilter}
        />
        <Counts groups={groups} items={items} text={text} />
      </ViewHeading>
      {total > read ? (
        <p class="note">
          {read.toLocaleString("en")} of {total.toLocaleString("en")} diagnostics are shown:{" "}
          <code>portolan diagnostics</code> has all.
        </p>
      ) : null}
      {SEVERITIES.map((severity) => (
        <Section
          key={severity}
          severity={severity}
          items={items.filter((item) => item.severity === severity)}
          groups={groups.filter((group) => group.severity === severity)}
        />
      ))}
      <Nothing reading={reading} text={text} items={items} groups={groups} hasSpots={spots.length > 0} />
      {spots.length === 0 ? null : (
        <section class="spots">
          <h2>What this page cannot show</h2>
          <ul>
            {spots.map((spot) => (
              <li key={spot}>
                <Name text={spot} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Section({
  severity,
  items,
  groups,
}: {
  readonly severity: Severity;
  readonly items: readonly AttentionItem[];
  readonly groups: readonly CodeGroup[];
}) {
  const hasCharts = useLive((known) => (known.status?.edges.length ?? 0) > 0);
  if (items.length === 0 && groups.length === 0) return null;
  return (
    <section class="severity">
      <h2>{TITLES[severity]}</h2>
      <ul class="attentions">
        {items.map((item) => (
          <Item key={item.key} item={item} />
        ))}
        {groups.map((group) => (
          <Code key={group.code} group={group} hasCharts={hasCharts} />
        ))}
      </ul>
    </section>
  );
}

/** How many there are of each severity, as links that show the diagnostics of it. */
function Counts({
  groups,
  items,
  text,
}: {
  readonly groups: readonly CodeGroup[];
  readonly items: readonly AttentionItem[];
  readonly text: string;
}) {
  const counts = SEVERITIES.map((severity) => ({
    severity,
    number:
      items.filter((item) => item.severity === severity).length +
      groups.filter((group) => group.severity === severity).reduce((sum, group) => sum + group.count, 0),
  })).filter(({ number }) => number > 0);
  const asked = /(?:^|\s)severity:(\S+)/i.exec(text)?.[1]?.toLowerCase();
  return (
    <ul class="state-counts" aria-label="Severities">
      {counts.map(({ severity, number }) => (
        <li key={severity}>
          <a
            href={addressOf("attention", {
              filter: withFieldWord(text, "severity", severity === asked ? undefined : severity),
            })}
            aria-current={severity === asked ? "true" : undefined}
          >
            <Badge tone={SEVERITY_TONES[severity]}>
              {number.toLocaleString("en")} {severity}
            </Badge>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Says that there is nothing to do, where that is known. */
function Nothing({
  reading,
  text,
  items,
  groups,
  hasSpots,
}: {
  readonly reading: "reading" | "failed" | "whole";
  readonly text: string;
  readonly items: readonly AttentionItem[];
  readonly groups: readonly CodeGroup[];
  readonly hasSpots: boolean;
}) {
  const isUrgent = [...items, ...groups].some(({ severity }) => severity !== "info");
  if (reading === "reading") return <Empty title="Reading what is wrong …" />;
  if (text !== "") {
    return items.length + groups.length > 0 ? (
      <p>
        <a href={addressOf("attention")}>Clear the filter</a>
      </p>
    ) : (
      <Empty title="Nothing fits the filter">
        <p>
          <a href={addressOf("attention")}>Clear the filter</a>
        </p>
      </Empty>
    );
  }
  if (reading === "failed") return <Empty title="What is wrong cannot be told in full: see below" />;
  if (isUrgent) return null;
  return (
    <Empty title="Nothing needs you">
      <p>No error, no warning, nothing is held{hasSpots ? ", as far as portolan can see" : ""}.</p>
    </Empty>
  );
}
