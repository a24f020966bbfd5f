import { ExplainLink } from "../parts/explain-link.tsx";
import { LinkOut } from "../parts/link-out.tsx";
import { Name } from "../parts/name.tsx";
import { shown } from "../parts/shown.ts";
import { type RowAttributes, VirtualRows } from "../parts/virtual-rows.tsx";
import type { PortRow } from "./port-row.ts";
import { StatusSign } from "./status-shape.tsx";
import { STATUS_WORDS } from "./status-words.ts";

const HEADS = ["Port", "Protocol", "Node", "Owner", "Class", "Status", "Purpose"];

/** As page.css has them: a line, and the space of a row. */
const LINE_PX = 22;
const SPACE_PX = 11;

/** Every port that is registered or declared, as `portolan ports` prints them. */
export function PortTable({ rows, isNarrow }: { readonly rows: readonly PortRow[]; readonly isNarrow: boolean }) {
  const height = (isNarrow ? 3 : 1) * LINE_PX + SPACE_PX;
  return (
    <div class="ports-table" role="table" aria-label="Ports" aria-rowcount={rows.length + 1}>
      <div role="rowgroup" class="chart-head">
        <div role="row" aria-rowindex={1} class="ports-grid">
          {HEADS.map((head) => (
            <span role="columnheader" key={head}>
              {head}
            </span>
          ))}
        </div>
      </div>
      <VirtualRows
        label="Ports"
        heights={rows.map(() => height)}
        keyOf={(index) => rows[index]?.key ?? String(index)}
        row={(index, attributes) => {
          const row = rows[index];
          return row === undefined ? null : <PortTableRow row={row} attributes={attributes} />;
        }}
      />
    </div>
  );
}

function PortTableRow({ row, attributes }: { readonly row: PortRow; readonly attributes: RowAttributes }) {
  const { ports, first, protocol, node, owner, status, purpose, links } = row;
  return (
    <div {...attributes} class={`chart-row ports-grid ports-row status-${STATUS_WORDS[status].tone}`}>
      <span role="cell" class="cell-port">
        <ExplainLink name={ports} about={String(first)} />
      </span>
      <span
        role="cell"
        class="cell-protocol quiet"
        title={protocol.endsWith("?") ? "a guess: nothing says it" : undefined}
      >
        {protocol}
      </span>
      <span
        role="cell"
        class="cell-node"
        title={node === "*" ? "every node for which no other row has these ports" : shown(node)}
      >
        <Name text={node} />
      </span>
      <span role="cell" class="cell-owner" title={shown(owner)}>
        <Name text={owner} /> {links.nomad === undefined ? null : <LinkOut to={links.nomad}>Nomad</LinkOut>}{" "}
        {links.consul === undefined ? null : <LinkOut to={links.consul}>Consul</LinkOut>}
      </span>
      <span role="cell" class="cell-class quiet">
        {row.class}
      </span>
      <span role="cell" class="cell-status" title={STATUS_WORDS[status].means}>
        <StatusSign status={status} /> {status}
      </span>
      <span role="cell" class="cell-purpose" title={shown(purpose)}>
        <Name text={purpose} />
      </span>
    </div>
  );
}
