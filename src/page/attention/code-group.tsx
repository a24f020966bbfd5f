import type { DiagnosticRow } from "../../api/resources/diagnostics.ts";
import { count } from "../../base/count.ts";
import { addressOf } from "../addresses.ts";
import { Badge } from "../parts/badge.tsx";
import { CopyButton } from "../parts/copy-button.tsx";
import { ExplainLink } from "../parts/explain-link.tsx";
import { LinkOut } from "../parts/link-out.tsx";
import { Name } from "../parts/name.tsx";
import { SEVERITY_TONES } from "../parts/tones.ts";
import { WholeText } from "../parts/whole-text.tsx";
import { type CodeGroup, type OwnerGroup, placeOf } from "./diagnostic-groups.ts";

/** More owners, and more of one owner, are counted; a filter shows them. */
const MOST_OWNERS = 25;
const MOST_OF_OWNER = 5;

/** All diagnostics of one code, by whom they concern. */
export function Code({ group, hasCharts }: { readonly group: CodeGroup; readonly hasCharts: boolean }) {
  const { code, severity, means, owners, count: all } = group;
  const more = owners.length - MOST_OWNERS;
  return (
    <li class={`attention tone-${SEVERITY_TONES[severity]}`}>
      <h3>
        <Badge tone={SEVERITY_TONES[severity]}>{severity}</Badge> {code}{" "}
        <span class="quiet">
          {count(all, "diagnostic")} of {count(owners.length, "owner")}
        </span>
      </h3>
      {means === "" ? null : (
        <p class="quiet">
          <Name text={means} /> (docs/diagnostics.md)
        </p>
      )}
      <ul class="owners">
        {owners.slice(0, MOST_OWNERS).map((owner) => (
          <Owner key={owner.key} group={owner} code={code} hasCharts={hasCharts} />
        ))}
      </ul>
      {more > 0 ? (
        <p class="quiet">
          and {count(more, "more owner")}: <code>portolan diagnostics --code {code}</code> has all
        </p>
      ) : null}
    </li>
  );
}

function Owner({
  group,
  code,
  hasCharts,
}: {
  readonly group: OwnerGroup;
  readonly code: string;
  readonly hasCharts: boolean;
}) {
  const { owner, isService, rows } = group;
  const more = rows.length - MOST_OF_OWNER;
  return (
    <li>
      {isService ? <ExplainLink name={owner} /> : <Name text={owner} />}
      <ul>
        {rows.slice(0, MOST_OF_OWNER).map((row) => (
          <Finding key={`${row.chart} ${row.id}`} row={row} hasChart={hasCharts} />
        ))}
      </ul>
      {more > 0 ? (
        <p class="quiet">
          and {more.toLocaleString("en")} more:{" "}
          <a href={addressOf("attention", { filter: `code:${code} service:${quoted(owner)}` })}>these alone</a>
        </p>
      ) : null}
    </li>
  );
}

function quoted(text: string): string {
  return /\s/.test(text) ? `"${text.replaceAll('"', "")}"` : text;
}

function Finding({ row, hasChart }: { readonly row: DiagnosticRow; readonly hasChart: boolean }) {
  const { message, remedy, links = {}, chart } = row;
  const { where, tag } = placeOf(row);
  return (
    <li class="finding">
      <p>
        <WholeText text={message} />
      </p>
      {where === "" && tag === undefined ? null : (
        <p class="quiet">
          <Name text={where} />
          {tag === undefined ? null : (
            <>
              , tag{" "}
              <code>
                <Name text={tag} />
              </code>
            </>
          )}
          {hasChart ? (
            <>
              , chart <Name text={chart} />
            </>
          ) : null}{" "}
          {links.nomad === undefined ? null : <LinkOut to={links.nomad}>Nomad</LinkOut>}{" "}
          {links.consul === undefined ? null : <LinkOut to={links.consul}>Consul</LinkOut>}
        </p>
      )}
      {remedy === "" ? null : (
        <p>
          <span class="quiet">Remedy: </span>
          <WholeText text={remedy} /> <CopyButton text={remedy} what="the remedy" />
        </p>
      )}
    </li>
  );
}
