import { ViewHeading } from "../parts/view-heading.tsx";
import type { ViewQuery } from "./view-query.ts";

export function ExplainView({ query }: { readonly query: ViewQuery }) {
  return <ViewHeading title={`Explain ${query["about"] ?? ""}`} />;
}
