import type { Settings } from "../../config/schema.ts";

/** The one catalog that is charted, with its section of the settings. */
export type ChosenCatalog =
  | { readonly name: "consul"; readonly settings: Settings["consul"] }
  | { readonly name: "nomad"; readonly settings: Settings["nomad"] & { readonly address: string } };

/** Nomad where its address is named, else Consul: the settings have been checked for naming both. */
export function chosenCatalog({ consul, nomad }: Settings): ChosenCatalog {
  const { address } = nomad;
  if (address === undefined) return { name: "consul", settings: consul };
  return { name: "nomad", settings: { ...nomad, address } };
}

/** What the slice belongs to; a stored slice of another source is not ours. Without the password of an address. */
export function sourceName(catalog: ChosenCatalog, prefix: string): string {
  const address = catalog.settings.address.replace(/\/\/[^/@]*@/, "//");
  const scope = scopeOf(catalog).map((part) => part ?? "-");
  return `${catalog.name} ${address} ${scope.join("/")} ${prefix}`;
}

function scopeOf({ name, settings }: ChosenCatalog): readonly (string | undefined)[] {
  if (name === "nomad") return [settings.region, settings.namespace];
  return [settings.datacenter, settings.namespace, settings.partition];
}
