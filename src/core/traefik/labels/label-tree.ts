import { compareBytes } from "../../../go/byte-order.ts";
import { foldCase } from "../../../go/fold-case.ts";
import { keyOf, type LabelProblem, maskedTag, shownPart } from "./label-problem.ts";
import type { Label } from "./labels.ts";

/** One part of the labels' keys, with what stands below it. */
export interface LabelNode {
  /** As the first key in byte order spells it; `[i]` for an index. */
  readonly name: string;
  /** Empty where no key ends here. */
  value: string;
  /** The label that ends here, or else the first one that passes through. */
  label: Label;
  /** By folded name, in byte order of their first keys. */
  readonly children: Map<string, LabelNode>;
}

export interface LabelTree {
  /** What stands below `traefik`. */
  readonly children: ReadonlyMap<string, LabelNode>;
  readonly problems: readonly LabelProblem[];
}

/** Deeper keys make no sense, and must not exhaust the stack of a function that walks the tree. */
const MAX_PARTS = 100;

/**
 * Grows the tree of all labels whose keys start with one of the filters (in lower case; matched without regard to case
 * and without a boundary, so that `traefik.http` lets `traefik.httpx` in). Follows Traefik's decoder: keys are taken in
 * byte order and split at dots; siblings that differ in case are one, spelled as the first of them; where two keys mean
 * the same place the later one wins. A key that Traefik refuses is a problem and is not in the tree.
 */
export function growLabelTree(labels: ReadonlyMap<string, Label>, filters: readonly string[]): LabelTree {
  const children = new Map<string, LabelNode>();
  const problems: LabelProblem[] = [];
  const keys = [...labels.keys()].filter((key) => filters.some((filter) => startsWith(key, filter)));
  for (const key of keys.sort(compareBytes)) {
    const label = labels.get(key);
    if (label === undefined) continue;
    const parts = partsOf(key.slice("traefik.".length));
    if ("fault" in parts) problems.push(unparsable(label, parts));
    else plant(children, parts.names, label);
  }
  return { children, problems };
}

function startsWith(key: string, filter: string): boolean {
  return key.slice(0, filter.length).toLowerCase() === filter;
}

function plant(roots: Map<string, LabelNode>, names: readonly string[], label: Label): void {
  let siblings = roots;
  let node: LabelNode | undefined;
  for (const name of names) {
    const folded = foldCase(name);
    node = siblings.get(folded);
    if (node === undefined) {
      node = { name, value: "", label, children: new Map() };
      siblings.set(folded, node);
    }
    siblings = node.children;
  }
  if (node === undefined) return;
  node.value = label.value;
  node.label = label;
}

interface Fault {
  readonly part: string;
  readonly fault: string;
  readonly remedy: string;
}

/** `domains[0]` is two parts, `domains` and `[0]`: whatever ends in a bracket is cut at the first opening one. */
function partsOf(path: string): { readonly names: readonly string[] } | Fault {
  const names: string[] = [];
  for (const part of path.split(".")) {
    if (part === "") return { part: "..", fault: "has an empty part", remedy: "remove the extra dot" };
    if (part.startsWith("[")) {
      return {
        part,
        fault: `has an index without a name: "${shownPart(part)}"`,
        remedy: "write the list's name before the bracket",
      };
    }
    const bracket = part.endsWith("]") ? part.indexOf("[") : part.length;
    // Traefik's own Consul provider panics here and takes no update from any service ever after.
    if (bracket < 0) return { part, fault: `has "]" without "[" in "${shownPart(part)}"`, remedy: 'remove the "]"' };
    names.push(part.slice(0, bracket));
    if (bracket < part.length) names.push(part.slice(bracket));
  }
  if (names.length <= MAX_PARTS) return { names };
  return { part: path, fault: `has ${names.length} parts, at most ${MAX_PARTS} are allowed`, remedy: "remove the tag" };
}

function unparsable(label: Label, { part, fault, remedy }: Fault): LabelProblem {
  return {
    code: "TAG_UNPARSABLE",
    tag: maskedTag(label),
    spot: { in: "key", text: shownPart(part) },
    message: `key ${JSON.stringify(keyOf(label))} ${fault}`,
    remedy,
  };
}
