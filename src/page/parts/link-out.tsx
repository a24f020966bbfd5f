import type { ComponentChildren } from "preact";
import { webUrl } from "./shown.ts";

/** A link to another program's pages, in a tab of its own; the text alone where it is no URL of a web server. */
export function LinkOut({ to, children }: { readonly to: string | undefined; readonly children: ComponentChildren }) {
  const url = webUrl(to);
  if (url === undefined) return <>{children}</>;
  return (
    <a class="link-out" href={url} target="_blank" rel="noopener noreferrer">
      {children}
      <span aria-hidden="true">&nbsp;↗</span>
      <span class="visually-hidden"> (opens a tab)</span>
    </a>
  );
}
