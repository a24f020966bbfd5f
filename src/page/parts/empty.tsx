import type { ComponentChildren } from "preact";
import { Name } from "./name.tsx";

/** Says why there is nothing to see, and what may be done. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">
        <Name text={title} />
      </p>
      {children}
    </div>
  );
}
