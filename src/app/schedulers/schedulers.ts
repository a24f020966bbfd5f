import { lastingAddress } from "../../config/files/catalog-address.ts";
import type { Settings } from "../../config/files/schema.ts";
import { type ChosenCatalog, chosenCatalogs, sectionOf } from "../catalogs/chosen.ts";

/** A Nomad that can be asked what it has given to whom. */
export interface Scheduler {
  /** Where the settings describe it, for messages. */
  readonly section: string;
  readonly settings: Pick<Settings["nomad"], "token" | "tokenFile" | "region" | "tls" | "draining"> & {
    readonly address: string;
  };
  /** It is charted as well, and the catalog's own connections report about its credentials. */
  readonly isCatalog: boolean;
}

/** The Nomads whose clients hand out the ports: those that the settings name for it, else the catalogs that are Nomad's; each once. */
export function portSchedulers(settings: Settings): readonly Scheduler[] {
  return eachOnce(namedSchedulers(settings) ?? catalogSchedulers(settings));
}

/** The Nomads that may know an allocation: those that the settings name, and the catalogs that are Nomad's; each once. */
export function allocationSchedulers(settings: Settings): readonly Scheduler[] {
  return eachOnce([...catalogSchedulers(settings), ...(namedSchedulers(settings) ?? [])]);
}

function namedSchedulers({ schedulers }: Settings): readonly Scheduler[] | undefined {
  return schedulers?.map((one, position) => ({ section: `schedulers.${position}`, settings: one, isCatalog: false }));
}

function catalogSchedulers(settings: Settings): readonly Scheduler[] {
  return chosenCatalogs(settings).flatMap(schedulerOf);
}

function schedulerOf(catalog: ChosenCatalog): readonly Scheduler[] {
  if (catalog.scheduler === undefined) return [];
  return [{ section: sectionOf(catalog), settings: catalog.scheduler, isCatalog: true }];
}

/** Several namespaces of one Nomad may be several catalogs. Of two sections for one Nomad the later counts. */
function eachOnce(schedulers: readonly Scheduler[]): readonly Scheduler[] {
  return [...new Map(schedulers.map((one) => [nameOf(one), one])).values()];
}

/**
 * Its address, which has no password, and its region where the settings name one: what is stored of it is kept by that name.
 * A socket is the local agent, wherever it lies.
 */
export function nameOf({ settings: { address, region } }: Scheduler): string {
  const lasting = lastingAddress(address);
  return region === undefined ? lasting : `${lasting} (region ${region})`;
}
