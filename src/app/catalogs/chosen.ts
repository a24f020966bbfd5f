import type { Settings } from "../../config/files/schema.ts";

/** A catalog that is charted, with its section of the settings. */
export type ChosenCatalog = {
  /** What the settings call it, where they list several. */
  readonly name?: string;
} & (
  | { readonly kind: "consul"; readonly settings: Settings["consul"] }
  | { readonly kind: "nomad"; readonly settings: Settings["nomad"] & { readonly address: string } }
);

/** Those of the list; else Nomad where its address is named, else Consul: the settings have been checked for naming both. */
export function chosenCatalogs({ consul, nomad, catalogs }: Settings): readonly ChosenCatalog[] {
  if (catalogs !== undefined) return catalogs.flatMap(listed);
  const { address } = nomad;
  return [
    address === undefined ? { kind: "consul", settings: consul } : { kind: "nomad", settings: { ...nomad, address } },
  ];
}

function listed({ name, consul, nomad }: NonNullable<Settings["catalogs"]>[number]): readonly ChosenCatalog[] {
  if (consul !== undefined) return [{ name, kind: "consul", settings: consul }];
  return nomad === undefined ? [] : [{ name, kind: "nomad", settings: nomad }];
}

/** What logs and metrics call a catalog: by its name, else by its kind. */
export function labelOf({ name, kind }: ChosenCatalog): string {
  return name ?? kind;
}

/** Where the settings describe the catalog, for messages. */
export function sectionOf({ name, kind }: ChosenCatalog): string {
  return name === undefined ? kind : `catalogs (${name}).${kind}`;
}

/** What the slice belongs to; a stored slice of another source is not ours. Without the password of an address. */
export function sourceName(catalog: ChosenCatalog, prefix: string): string {
  const address = catalog.settings.address.replace(/\/\/[^/@]*@/, "//");
  const scope = scopeOf(catalog).map((part) => part ?? "-");
  return `${catalog.kind} ${address} ${scope.join("/")} ${prefix}`;
}

function scopeOf({ kind, settings }: ChosenCatalog): readonly (string | undefined)[] {
  if (kind === "nomad") return [settings.region, settings.namespace];
  return [settings.datacenter, settings.namespace, settings.partition];
}
