import { keyOf, type LabelProblem, maskedTag } from "../labels/label-problem.ts";
import type { LabelNode } from "../labels/label-tree.ts";
import { mapKeyProblem } from "../labels/map-key.ts";
import { type ConfigObject, type ConfigValue, configObject, isConfigObject } from "../vocabulary/config-value.ts";
import { LIST_SEPARATOR } from "./scalar-field.ts";

/**
 * The settings of a plugin, which have no schema: every leaf is text, commas are not split, `[i]` makes a list in byte
 * order. A setting that holds one of its own name gives way to what it holds (`p.a.a=1` is `{ a: "1" }`), as in Traefik.
 */
export function decodePlugin(node: LabelNode, problems: LabelProblem[]): ConfigObject {
  const settings = configObject();
  for (const child of node.children.values()) {
    const value = freeForm(child, problems);
    if (!isConfigObject(value) || value[child.name] === undefined) settings[child.name] = value;
    else Object.assign(settings, value);
  }
  return settings;
}

function freeForm(node: LabelNode, problems: LabelProblem[], isElement = false): ConfigValue {
  const problem = mapKeyProblem(node.name, node.label);
  if (problem !== undefined) problems.push(problem);
  const children = [...node.children.values()];
  const [first] = children;
  if (first === undefined) return leaf(node, problems, isElement);
  if (first.name.startsWith("[")) return children.map((child) => freeForm(child, problems, true));
  return configObject(children.map((child) => [child.name, freeForm(child, problems)]));
}

/** May be a password: whether a plugin's setting is one is unknown here. */
function leaf({ value, label }: LabelNode, problems: LabelProblem[], isElement: boolean): string {
  // In a list it splits anywhere; at the beginning of a text it makes a list of the text, or refuses the file.
  if (isElement ? value.includes(LIST_SEPARATOR) : value.startsWith(LIST_SEPARATOR)) {
    problems.push({
      code: "TAG_BAD_VALUE",
      tag: maskedTag(label),
      message: `key ${JSON.stringify(keyOf(label))} has the character "${LIST_SEPARATOR}" (U+2551), which a file may not hold in a list or at the beginning of a text`,
      remedy: "remove the character",
    });
  }
  return value;
}
