import { ViewHeading } from "../parts/view-heading.tsx";
import type { ViewQuery } from "./view-query.ts";

export function TimelineView({ query: _ }: { readonly query: ViewQuery }) {
  return <ViewHeading title="Timeline" />;
}
