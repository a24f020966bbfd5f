import { ENVIRONMENT, FLAGS } from "./origins.ts";

export const CATALOGS = ["consul", "nomad"] as const;

export type CatalogName = (typeof CATALOGS)[number];

/** The catalogs that are named by their address at one level. */
type Named = readonly CatalogName[];

/**
 * Which catalog is charted. A list of catalogs in the file speaks for all of them, and the environment, which knows but
 * one of each kind, counts for none. Else a flag or the settings file decides; where neither names one, the environment does, since
 * the shell of somebody who works with both has the addresses of both; else it is Consul at its usual address.
 *
 * @returns "both" where two are named in one breath
 */
export function chooseCatalog(
  isInFile: (path: "catalogs" | `${CatalogName}.address`) => boolean,
  flags: Readonly<Record<string, string | undefined>>,
  environment: Readonly<Record<string, string | undefined>>,
): CatalogName | "both" | "list" {
  if (isInFile("catalogs")) return "list";
  const explicit = CATALOGS.filter((catalog) => isInFile(`${catalog}.address`) || isSet(flags, FLAGS, catalog));
  const ambient = CATALOGS.filter((catalog) => isSet(environment, ENVIRONMENT, catalog));
  const [first = "consul", second]: Named = explicit.length > 0 ? explicit : ambient;
  return second === undefined ? first : "both";
}

function isSet(
  values: Readonly<Record<string, string | undefined>>,
  names: Readonly<Record<string, string>>,
  catalog: CatalogName,
): boolean {
  return Object.entries(names).some(([name, path]) => path === `${catalog}.address` && (values[name] ?? "") !== "");
}
