import { printable } from "../../base/printable.ts";

/** As `Name`, for a text that is read and copied: nothing of it is cut. */
export function WholeText({ text }: { readonly text: string }) {
  return <bdi>{printable(text)}</bdi>;
}
