import { nearest } from "../../../base/nearest.ts";
import { keyOf, type LabelProblem, maskedTag, shownPart } from "../labels/label-problem.ts";
import type { LabelNode } from "../labels/label-tree.ts";
import type { SchemaNode } from "../schema/lookup.ts";
import type { Marks } from "../schema/schema.ts";

/** What a name in tags was given to: a router of the name `app`. */
export interface Definition {
  readonly kind: NonNullable<Marks["defines"]>;
  readonly name: string;
}

/**
 * The node is no field of its parent, or not one of the chosen Traefik line.
 *
 * @param definition what the parent defines, if it is the definition of something
 */
export function unknownField(
  node: LabelNode,
  folded: string,
  parent: SchemaNode,
  definition?: Definition,
): LabelProblem {
  const name = shownPart(node.name);
  const found = `key ${JSON.stringify(keyOf(node.label))} has ${JSON.stringify(name)}`;
  const tag = maskedTag(node.label);
  const since = parent.later.get(folded);
  if (since !== undefined) {
    return {
      code: "TAG_UNKNOWN_KEY",
      tag,
      spot: { in: "key", text: name },
      message: `${found}, which only traefik ${since} and later know, but traefik.version is an earlier one`,
      remedy: `remove the tag, or, once that Traefik runs, write into the settings: traefik: { version: "${since}" }`,
    };
  }
  const rest = definition === undefined ? undefined : restOfName(node, parent);
  if (definition !== undefined && rest !== undefined) return dotsInName(node, definition, rest);
  const names = knownNames(parent);
  const meant = nearest(node.name, names);
  return {
    code: "TAG_UNKNOWN_KEY",
    tag,
    spot: { in: "key", text: name },
    message: `${found}, which is no field there; ${names.length === 0 ? "none is" : `allowed are ${names.join(", ")}`}`,
    remedy:
      meant === undefined
        ? "correct the key, or remove the tag"
        : `write "${meant}" instead of ${JSON.stringify(name)}`,
  };
}

/** The further parts of a name that was written with dots, up to the first part that is a field of the definition. */
function restOfName(node: LabelNode, parent: SchemaNode): readonly string[] | undefined {
  const names: string[] = [];
  for (let at: LabelNode | undefined = node; at !== undefined; [at] = at.children.values()) {
    names.push(at.name);
    if ([...at.children.keys()].some((folded) => parent.children.has(folded))) return names;
  }
  return undefined;
}

function dotsInName(node: LabelNode, { kind, name }: Definition, rest: readonly string[]): LabelProblem {
  const written = shownPart([name, ...rest].join("."));
  return {
    code: "TAG_UNKNOWN_KEY",
    tag: maskedTag(node.label),
    spot: { in: "key", text: shownPart(node.name) },
    message: `key ${JSON.stringify(keyOf(node.label))} has dots in the name of a ${kind}, ${JSON.stringify(written)}, where each dot begins a field`,
    remedy: `write ${JSON.stringify(written.replaceAll(".", "-"))} instead of ${JSON.stringify(written)}, wherever the ${kind} is named`,
  };
}

/** What tags may say, in the order of Traefik's documentation. */
function knownNames({ children }: SchemaNode): readonly string[] {
  return [...children.values()]
    .filter(({ field }) => field.fileOnly !== true && field.internal !== true)
    .map(({ name, field }) => field.tagName ?? name);
}

/** An object, map or list of objects stands without fields, where it may not. */
export function needsFields(node: LabelNode, schema: SchemaNode): LabelProblem {
  const names = schema.field.kind === "map" ? [] : knownNames(schema);
  return {
    code: "TAG_BAD_VALUE",
    tag: maskedTag(node.label),
    spot: { in: "key", text: shownPart(node.name) },
    message: `key ${JSON.stringify(keyOf(node.label))} has a value, but only what is below it can be set${names.length === 0 ? "" : `: ${names.join(", ")}`}`,
    remedy: "add a dot and a field to the key, or remove the tag",
  };
}

/** A field that holds one value has fields below it. */
export function misplacedFields(node: LabelNode): LabelProblem {
  const [child = node] = node.children.values();
  return {
    code: "TAG_UNKNOWN_KEY",
    tag: maskedTag(child.label),
    spot: { in: "key", text: shownPart(child.name) },
    message: `key ${JSON.stringify(keyOf(child.label))} has ${JSON.stringify(shownPart(child.name))} below "${node.name}", which holds one value and no fields`,
    remedy: `end the key with ${JSON.stringify(node.name)}, or remove the tag`,
  };
}
