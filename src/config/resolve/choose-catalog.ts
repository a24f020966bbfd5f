import { ENVIRONMENT, FLAGS } from "./setting-origins.ts";

/** The sections of the settings that describe one catalog each; where no address is named, the first is charted. */
export const CATALOG_SECTIONS = ["consul", "nomad"] as const;

export type CatalogSection = (typeof CATALOG_SECTIONS)[number];

/** The catalogs whose address is named at one level: by flag and file, or by the environment. */
type Named = readonly CatalogSection[];

/**
 * Decides which catalog is charted:
 *
 * | named | charted |
 * |---|---|
 * | the file has a list of catalogs | the list; no variable counts, since the environment knows one of each kind only |
 * | an address by flag or in the file | that catalog; the environment does not decide |
 * | an address in the environment only | that catalog: the shell of an operator who uses both products has both addresses, so it comes last |
 * | none | Consul at its usual address |
 *
 * @returns "both" where two are named at the same level, which is a mistake
 */
export function chooseCatalog(
  isInFile: (path: "catalogs" | `${CatalogSection}.address`) => boolean,
  flags: Readonly<Record<string, string | undefined>>,
  environment: Readonly<Record<string, string | undefined>>,
): CatalogSection | "both" | "list" {
  if (isInFile("catalogs")) return "list";
  const explicit = CATALOG_SECTIONS.filter((one) => isInFile(`${one}.address`) || isSet(flags, FLAGS, one));
  const ambient = CATALOG_SECTIONS.filter((one) => isSet(environment, ENVIRONMENT, one));
  const [first = CATALOG_SECTIONS[0], second]: Named = explicit.length > 0 ? explicit : ambient;
  return second === undefined ? first : "both";
}

function isSet(
  values: Readonly<Record<string, string | undefined>>,
  settings: Readonly<Record<string, string>>,
  section: CatalogSection,
): boolean {
  return Object.entries(settings).some(([name, path]) => path === `${section}.address` && (values[name] ?? "") !== "");
}
