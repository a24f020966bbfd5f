import type { LabelProblem } from "../labels/label-problem.ts";
import { growLabelTree, type LabelNode, type LabelTree } from "../labels/label-tree.ts";
import type { Label } from "../labels/labels.ts";
import { mapKeyProblem } from "../labels/map-key.ts";
import { type SchemaNode, schemaFor } from "../schema/lookup.ts";
import type { CollectionField, Field } from "../schema/schema.ts";
import { type ConfigObject, type ConfigValue, configObject } from "../vocabulary/config-value.ts";
import type { TraefikVersion } from "../vocabulary/traefik-version.ts";
import { type Definition, misplacedFields, needsFields, unknownField } from "./field-problem.ts";
import { decodePlugin } from "./plugin.ts";
import { decodeScalar, decodeStrings } from "./scalar-field.ts";

export type Decoded =
  | { readonly kind: "decoded"; readonly config: ConfigObject }
  | { readonly kind: "refused"; readonly problems: readonly LabelProblem[] };

/** The labels that Traefik's providers decode; all other keys are ignored. */
const FILTERS = ["traefik.http", "traefik.tcp", "traefik.udp", "traefik.tls.stores.default"];

/**
 * What an instance's labels say, as the dynamic configuration of a Traefik line: documented field names, only what the
 * labels set, no defaults. Any problem refuses the instance, as it does in Traefik; all of them are reported.
 */
export function decodeLabels(labels: ReadonlyMap<string, Label>, version: TraefikVersion): Decoded {
  return decodeWith(schemaFor(version), labels, FILTERS);
}

/**
 * Decodes the labels that pass the filters by any table of fields; never throws. It differs from Traefik's decoder only
 * in refusing more: what a file cannot hold, and durations that overflow.
 */
export function decodeWith(
  schema: SchemaNode,
  labels: ReadonlyMap<string, Label>,
  filters: readonly string[],
): Decoded {
  const tree = growLabelTree(labels, filters);
  const problems = [...tree.problems];
  const config = decodeFields(tree, { schema, live: true, problems });
  return problems.length === 0 ? { kind: "decoded", config } : { kind: "refused", problems };
}

interface Place {
  readonly schema: SchemaNode;
  /** False below what Traefik ignores or disables: names are checked there all the same, values are not. */
  readonly live: boolean;
  /** What the fields of this place define. */
  readonly definition?: Definition;
  readonly problems: LabelProblem[];
}

function decodeFields(node: Pick<LabelTree, "children">, place: Place): ConfigObject {
  const object = configObject();
  for (const [folded, child] of node.children) {
    const schema = place.schema.children.get(folded);
    if (schema === undefined) {
      place.problems.push(unknownField(child, folded, place.schema, place.definition));
      continue;
    }
    const live = place.live && !isIgnored(schema.field);
    const value = decodeField(child, { schema, live, problems: place.problems });
    if (live && value !== undefined) object[schema.name] = value;
  }
  return object;
}

function isIgnored(field: Field): boolean {
  return field.fileOnly === true || field.internal === true;
}

/** Undefined where the field stays unset. */
function decodeField(node: LabelNode, place: Place): ConfigValue | undefined {
  const { field } = place.schema;
  switch (field.kind) {
    case "object":
    case "struct":
      return decodeObject(node, place);
    case "map":
      return decodeMap(node, field, place);
    case "list":
      return decodeList(node, field, place);
    default:
      if (node.children.size === 0) return place.live ? decodeScalar(node, field, place.problems) : undefined;
      place.problems.push(misplacedFields(node));
      return;
  }
}

/** An object that may be empty is on by `true` or nothing, and off by any other value, whatever stands below it. */
function decodeObject(node: LabelNode, place: Place): ConfigObject | undefined {
  const { emptyOk, internal } = place.schema.field;
  // The tables do not say what is below Traefik's internal objects.
  if (internal === true) return;
  if (emptyOk !== true) requireFields(node, place);
  const on = emptyOk !== true || node.value === "" || node.value.toLowerCase() === "true";
  const object = decodeFields(node, { ...place, live: place.live && on });
  return on ? object : undefined;
}

function requireFields(node: LabelNode, { schema, problems }: Place): void {
  if (node.children.size === 0 && !isIgnored(schema.field)) problems.push(needsFields(node, schema));
}

function decodeMap(node: LabelNode, field: CollectionField, place: Place): ConfigObject {
  requireFields(node, place);
  const object = configObject();
  for (const child of node.children.values()) {
    for (const [key, entry] of field.entry.kind === "string" ? leaves(child) : [[child.name, child] as const]) {
      const problem = place.live ? mapKeyProblem(key, entry.label) : undefined;
      if (problem !== undefined) place.problems.push(problem);
      const definition = field.defines === undefined ? undefined : { kind: field.defines, name: child.name };
      const value = decodeEntry(entry, field, definition === undefined ? place : { ...place, definition });
      if (value !== undefined) object[key] = value;
    }
  }
  return object;
}

/** The key of a map of texts may hold dots (`X-Forwarded.For`), so that its parts are levels of the tree. */
function* leaves(node: LabelNode, key = node.name): Generator<readonly [string, LabelNode]> {
  if (node.children.size === 0) yield [key, node];
  for (const child of node.children.values()) yield* leaves(child, `${key}.${child.name}`);
}

/** An entry without fields is a definition too: `traefik.http.routers.foo=` makes a router of defaults. */
function decodeEntry(node: LabelNode, { entry }: CollectionField, place: Place): ConfigValue | undefined {
  if ("fields" in entry) return decodeFields(node, place);
  if (!place.live) return;
  return entry.kind === "any" ? decodePlugin(node, place.problems) : decodeScalar(node, entry, place.problems);
}

/** What tags call by another name (`server` for `servers`) is a single entry; else each child is one, whatever its name. */
function decodeList(node: LabelNode, field: CollectionField, place: Place): ConfigValue | undefined {
  if (field.tagName !== undefined && place.live) requireFields(node, place);
  const entries = field.tagName === undefined ? [...node.children.values()] : [node];
  // Also for a list of texts: Traefik accepts `entrypoints[0]=web`, without effect, and refuses fields below the index.
  const objects = entries.map((entry) => decodeFields(entry, place));
  if ("fields" in field.entry) return objects;
  return place.live ? decodeStrings(node, field, place.problems) : undefined;
}
