import type { ComponentChildren } from "preact";
import type { Tone } from "./tone.ts";

const SIGNS: Readonly<Record<Tone, string>> = { good: "✓", warning: "!", bad: "✗", quiet: "·", plain: "" };

/** A state in a word, with its sign. @param sign in place of the tone's */
export function Badge({
  tone,
  sign = SIGNS[tone],
  children,
}: {
  readonly tone: Tone;
  readonly sign?: string;
  readonly children: ComponentChildren;
}) {
  return (
    <span class={`badge badge-${tone}`}>
      {sign === "" ? null : <span aria-hidden="true">{sign} </span>}
      {children}
    </span>
  );
}
