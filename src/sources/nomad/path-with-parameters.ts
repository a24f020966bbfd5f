import type { CatalogRequest } from "../http/catalog-http.ts";

/** A path of Nomad's API with its parameters and those of the request; what is undefined is left out. */
export function pathWithParameters(
  path: string,
  parameters: Readonly<Record<string, string | undefined>>,
  { blocking, consistency }: Pick<CatalogRequest, "blocking" | "consistency">,
): string {
  const query = new URLSearchParams();
  const all = { ...parameters, ...blocking, [consistency]: consistency === "default" ? undefined : "" };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) query.set(name, value);
  return query.size === 0 ? path : `${path}?${query}`;
}
