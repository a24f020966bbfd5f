import { filterWords } from "../parts/row-filter.ts";
import type { AttentionItem } from "./attention-items.ts";

/** What of the items a filter leaves: it asks for diagnostics, but for one that is a severity and nothing else. */
export function itemsFor(text: string, items: readonly AttentionItem[]): readonly AttentionItem[] {
  const words = filterWords(text, ["severity"]);
  if (words.some(({ field }) => field !== "severity")) return [];
  return items.filter(({ severity }) => words.every((word) => (word.text === severity) !== word.isLeftOut));
}

/** Whether all is read that can be wrong: `failed` where a list that says it cannot be. */
export function readingOf(
  lists: readonly { readonly answer: unknown; readonly error: string | undefined }[],
): "reading" | "failed" | "whole" {
  const unread = lists.filter(({ answer }) => answer === undefined);
  if (unread.some(({ error }) => error === undefined)) return "reading";
  return unread.length > 0 ? "failed" : "whole";
}
