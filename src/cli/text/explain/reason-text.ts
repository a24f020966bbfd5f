import { printable } from "../../../base/printable.ts";
import type { InstanceLabel } from "../../../core/catalog/instance-label.ts";
import type { Reason } from "../../../core/explain/answer.ts";
import { nomadWords } from "../../../observe/nomad-words.ts";
import { caretLine } from "../caret.ts";
import type { Colours } from "../colour.ts";
import { wrapped } from "./wrapped.ts";

/** Why, where and what to do: the first thing that a reader needs. */
export function reasonText(reason: Reason, colours: Colours): readonly string[] {
  const { code, message, remedy, instance } = reason;
  const where = instance === undefined ? [] : wrapped("Where   ", instanceWords(instance));
  return [
    ...wrapped("Why     ", `${message} (${code})`),
    ...where,
    ...tagLines(reason, colours),
    ...wrapped("Remedy  ", remedy),
  ];
}

/** The tag to blame, with carets below what is wrong in it. */
export function tagLines({ tag, spot }: Reason, colours: Colours): readonly string[] {
  if (tag === undefined) return [];
  const carets = spot === undefined ? [] : [`          ${colours.removed(caretLine(tag, spot))}`];
  return [`        in the tag`, `          ${printable(tag)}`, ...carets];
}

/** One more reason, in short. */
export function furtherReason({ code, message, remedy }: Reason): readonly string[] {
  return [...wrapped("  - ", `${message} (${code})`), ...wrapped("    ", `remedy: ${remedy}`)];
}

/** Which instance it is and where it runs, by names. */
export function instanceWords(instance: Omit<InstanceLabel, "catalog"> & { readonly catalog?: string }): string {
  const catalog = instance.catalog === undefined ? "" : `${instance.catalog}:`;
  return `${shortId(instance)} on ${catalog}${instance.node}${nomadWords(instance)}`;
}

/** The id without what the words about its task say anyway. */
function shortId({ id, allocation }: InstanceLabel): string {
  return allocation === undefined ? `instance ${id}` : "the instance";
}
