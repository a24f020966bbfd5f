import { nomadWords } from "../observe/nomad-words.ts";
import { type Block, ITEM_SIGN, type Line, type Reason } from "./told-answer.ts";

/** Why, where and what to do: the first thing that a reader needs. */
export function reasonBlock(reason: Reason | undefined): readonly Block[] {
  if (reason === undefined) return [];
  const { code, message, remedy, instance, tag, spot } = reason;
  const lines: readonly Line[] = [
    { kind: "labelled", label: "Why", text: `${message} (${code})` },
    ...(instance === undefined ? [] : [{ kind: "labelled", label: "Where", text: instanceWords(instance) } as const]),
    ...(tag === undefined ? [] : [{ kind: "tag", tag, spot } as const]),
    { kind: "labelled", label: "Remedy", text: remedy },
  ];
  return [{ kind: "reason", lines }];
}

/** One more reason, in short. */
export function furtherReason({ code, message, remedy }: Reason): Line {
  return { kind: "item", sign: ITEM_SIGN, text: `${message} (${code})`, below: [`remedy: ${remedy}`] };
}

/** Items below a title; nothing where there are none. */
export function listBlock(title: string, lines: readonly Line[]): readonly Block[] {
  return lines.length === 0 ? [] : [{ kind: "list", title, lines }];
}

/** What an instance is called, as it stands in answers. */
export type InstanceName = Omit<NonNullable<Reason["instance"]>, "catalog"> & { readonly catalog?: string };

/** Which instance it is and where it runs, by names. */
export function instanceWords(instance: InstanceName): string {
  const catalog = instance.catalog === undefined ? "" : `${instance.catalog}:`;
  return `${shortId(instance)} on ${catalog}${instance.node}${nomadWords(instance)}`;
}

/** The id without what the words about its task say anyway. */
function shortId({ id, allocation }: InstanceName): string {
  return allocation === undefined ? `instance ${id}` : "the instance";
}
