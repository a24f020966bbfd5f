import { shown } from "./shown.ts";

/** A name or a text that comes from elsewhere: harmless, and apart from the direction of the text around it. */
export function Name({ text }: { readonly text: string }) {
  return <bdi>{shown(text)}</bdi>;
}
