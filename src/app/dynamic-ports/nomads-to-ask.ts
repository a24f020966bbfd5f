import type { Settings } from "../../config/files/schema.ts";
import { type ChosenCatalog, chosenCatalogs, sectionOf } from "../catalogs/chosen.ts";

/** A Nomad whose clients hand out the ports. */
export interface NomadSection {
  /** Where the settings describe it, for messages. */
  readonly section: string;
  readonly settings: Pick<Settings["nomad"], "token" | "tokenFile" | "region" | "tls"> & { readonly address: string };
  /** It is charted as well, and the catalog's own connections report about its credentials. */
  readonly isCatalog: boolean;
}

/** The Nomads that the settings name for this, else the catalogs that are Nomad's; each once. */
export function nomadsToAsk(settings: Settings): readonly NomadSection[] {
  const sections =
    settings.ports.nomad?.map((one, position) => ({
      section: `ports.nomad.${position}`,
      settings: one,
      isCatalog: false,
    })) ?? chosenCatalogs(settings).flatMap(catalogSection);
  // Several namespaces of one Nomad may be several catalogs.
  return [...new Map(sections.map((one) => [nameOf(one), one])).values()];
}

function catalogSection(catalog: ChosenCatalog): readonly NomadSection[] {
  if (catalog.scheduler === undefined) return [];
  return [{ section: sectionOf(catalog), settings: catalog.scheduler, isCatalog: true }];
}

/** Its address, which has no password, and its region where the settings name one. */
export function nameOf({ settings: { address, region } }: NomadSection): string {
  return region === undefined ? address : `${address} (region ${region})`;
}
