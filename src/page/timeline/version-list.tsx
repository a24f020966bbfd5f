import { useState } from "preact/hooks";
import type { DiffAnswer, VersionRow } from "../../api/resources/history.ts";
import { count } from "../../base/count.ts";
import { ENDS_HOLDS_TOO, RELEASE_ALL } from "../attention/release-commands.ts";
import { Badge } from "../parts/badge.tsx";
import { CopyButton } from "../parts/copy-button.tsx";
import { Moment } from "../parts/moment.tsx";
import { Name } from "../parts/name.tsx";
import { useAnswer } from "../parts/use-answer.ts";
import { historyCommand, isOldest, rollbackCommand, rollbackDiffCommand, versionState } from "./rollback-command.ts";

/** The versions that are kept, with what each changed, and the command for going back. */
export function VersionList({
  versions,
  nowMs,
  hasCharts,
}: {
  readonly versions: readonly VersionRow[];
  readonly nowMs: number;
  readonly hasCharts: boolean;
}) {
  return (
    <ol class="versions">
      {versions.map((version) => (
        <li key={`${version.chart} ${version.number}`}>
          <Version version={version} versions={versions} nowMs={nowMs} hasChart={hasCharts} />
        </li>
      ))}
    </ol>
  );
}

const STATE_TONES = {
  "in force": "good",
  "in force since a rollback": "warning",
  "withheld by a rollback": "warning",
  earlier: "quiet",
} as const;

function Version({
  version,
  versions,
  nowMs,
  hasChart,
}: {
  readonly version: VersionRow;
  readonly versions: readonly VersionRow[];
  readonly nowMs: number;
  readonly hasChart: boolean;
}) {
  const { number, chart, publishedAt, hash, changes } = version;
  const [isOpen, setOpen] = useState(false);
  const state = versionState(version, versions);
  const isInForce = state === "in force" || state === "in force since a rollback";
  return (
    <>
      <h3>
        Version {number}
        {hasChart ? (
          <>
            {" "}
            of <Name text={chart} />
          </>
        ) : null}{" "}
        {state === "earlier" ? null : <Badge tone={STATE_TONES[state]}>{state}</Badge>}
      </h3>
      <p>
        <Moment at={publishedAt} nowMs={nowMs} /> <span class="quiet">{hash.slice(0, 16)}</span> <Name text={changes} />
      </p>
      {isInForce ? (
        state === "in force" ? null : (
          <p class="copies">
            <code>{RELEASE_ALL.text}</code> <CopyButton {...RELEASE_ALL} /> <span class="quiet">{ENDS_HOLDS_TOO}</span>
          </p>
        )
      ) : (
        <p class="copies">
          <code>{rollbackCommand(version)}</code>{" "}
          <CopyButton text={rollbackCommand(version)} what="the command for going back" />{" "}
          <CopyButton text={rollbackDiffCommand(version)} what="the one that says what it would change" />
        </p>
      )}
      {isOldest(version, versions) ? (
        <p class="quiet">No version before it is kept, so that it is not known what changed with it.</p>
      ) : (
        <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary>What changed with version {number}</summary>
          {isOpen ? <Diff version={version} /> : null}
        </details>
      )}
    </>
  );
}

const KIND_WORDS = { added: "+ came", removed: "− went", changed: "~ changed" } as const;
/** A version may change thousands. */
const MOST_SHOWN = 100;

function Diff({ version: { number, chart } }: { readonly version: VersionRow }) {
  const asked = useAnswer<DiffAnswer>(`v1/diff?${new URLSearchParams({ to: String(number), chart })}`);
  if (asked.kind === "asking") return <p class="quiet">Comparing …</p>;
  if (asked.kind === "failed") {
    return (
      <p class="note">
        <Name text={asked.error} />
      </p>
    );
  }
  const { from, routers, resources, others, counts } = asked.answer;
  const byKey = new Map(resources.map((resource) => [resource.key, resource]));
  const shown = routers.slice(0, MOST_SHOWN);
  return (
    <div class="diff">
      <p class="quiet">
        Against version {from}: {counts.added} came, {counts.removed} went, {counts.changed} changed
        {others.length === 0 ? "" : `; and ${count(others.length, "thing")} that no router leads to`}.
      </p>
      <ul>
        {shown.map((router) => (
          <li key={router.key}>
            <b>{KIND_WORDS[router.kind]}</b> <Name text={router.label} />
            <Fields keys={router.resources} byKey={byKey} own={router.key} />
          </li>
        ))}
        {others.slice(0, MOST_SHOWN).map((key) => {
          const resource = byKey.get(key);
          return resource === undefined ? null : (
            <li key={key}>
              <b>{KIND_WORDS[resource.kind]}</b> <Name text={resource.label} />
              <Fields keys={[key]} byKey={byKey} own={key} />
            </li>
          );
        })}
      </ul>
      {routers.length > MOST_SHOWN ? (
        <p class="quiet">
          {count(routers.length - MOST_SHOWN, "more router")}: <code>{historyCommand({ number, chart })}</code> has all.
        </p>
      ) : null}
    </div>
  );
}

type Resource = DiffAnswer["resources"][number];

function Fields({
  keys,
  byKey,
  own,
}: {
  readonly keys: readonly string[];
  readonly byKey: ReadonlyMap<string, Resource>;
  /** The router's key: its own fields need no heading. */
  readonly own: string;
}) {
  const found = keys.map((key) => byKey.get(key)).filter((resource) => resource !== undefined);
  return (
    <ul>
      {found.flatMap((resource) =>
        resource.fields.map((field) => (
          <li key={`${resource.key} ${field.name}`}>
            <code>
              {resource.key === own ? null : (
                <>
                  <Name text={resource.label} />{" "}
                </>
              )}
              <Name text={field.name} />
            </code>
            : <Change field={field} />
          </li>
        )),
      )}
    </ul>
  );
}

function Change({ field }: { readonly field: Resource["fields"][number] }) {
  const { before, after, isSecret } = field;
  if (isSecret === true) return <span class="quiet">another secret, which is not shown</span>;
  return (
    <>
      {before === undefined ? null : (
        <del>
          <Name text={before} />
        </del>
      )}{" "}
      {after === undefined ? null : (
        <ins>
          <Name text={after} />
        </ins>
      )}
    </>
  );
}
