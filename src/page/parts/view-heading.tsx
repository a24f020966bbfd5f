import type { ComponentChildren } from "preact";
import { Name } from "./name.tsx";

/** The heading of a view; it takes the focus when the view is come to. @param children what stands beside it */
export function ViewHeading({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <div class="view-heading">
      <h1 tabIndex={-1}>
        <Name text={title} />
      </h1>
      {children}
    </div>
  );
}
