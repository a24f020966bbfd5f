import { printable } from "../../base/printable.ts";
import type { Flowchart, FlowNode } from "../../core/ports/documents/document.ts";

/**
 * A flowchart in Mermaid's language. Ids are made of keys, so that a node more or less changes its own lines alone; whatever is
 * not plain in a label is written as a character code, since names must not end a label, or become HTML or a directive.
 */
export function mermaidFlowchart({ direction, nodes, arrows }: Flowchart): string {
  const ids = idsOf(nodes.map(({ key }) => key));
  const id = (key: string) => ids.get(key) ?? "unknown";
  const frames = Map.groupBy(nodes, ({ frame }) => frame);
  const frameIds = idsOf([...frames.keys()].flatMap((frame) => (frame === undefined ? [] : [frame])));
  const lines = [...frames].flatMap(([frame, members]) => {
    const inside = members.map((node) => `${id(node.key)}${shaped(node)}`);
    if (frame === undefined) return inside.map((line) => `  ${line}`);
    return [
      `  subgraph frame_${frameIds.get(frame)}["${label([frame])}"]`,
      ...inside.map((line) => `    ${line}`),
      "  end",
    ];
  });
  const flows = arrows.map(({ from, to, label: text }) => {
    const named = text === "" ? "-->" : `-->|"${label([text])}"|`;
    return `  ${id(from)} ${named} ${id(to)}`;
  });
  return [`flowchart ${direction}`, ...lines, ...flows].map((line) => `${line}\n`).join("");
}

function shaped({ shape, label: lines }: FlowNode): string {
  const text = `"${label(lines)}"`;
  switch (shape) {
    case "box":
      return `[${text}]`;
    case "round":
      return `([${text}])`;
    case "store":
      return `[(${text})]`;
  }
}

/** Letters, digits and underscores; keys that differ otherwise alone are told apart by a number. None is a word of Mermaid's. */
function idsOf(keys: readonly string[]): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  for (const key of keys) {
    if (ids.has(key)) continue;
    const plain = `n_${key.replace(/[^a-z0-9]+/gi, "_").slice(0, 60)}`;
    let own = plain;
    for (let number = 2; taken.has(own); number += 1) own = `${plain}_${number}`;
    taken.add(own);
    ids.set(key, own);
  }
  return ids;
}

/** Newer versions read Markdown in labels, too: what would begin a list there is a code as well. */
function label(lines: readonly string[]): string {
  return lines
    .map((line) =>
      printable(line).replace(/[^\p{L}\p{N} .,:/_()-]|[.)-](?= )/gu, (character) => `#${character.codePointAt(0)};`),
    )
    .join("<br>");
}
