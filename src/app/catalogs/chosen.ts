import { lastingAddress } from "../../config/files/catalog-address.ts";
import type { Settings } from "../../config/files/schema.ts";
import { PRODUCT_NAMES } from "../../core/catalog/product-rules.ts";
import { withoutCredentials } from "../../core/traefik/url-credentials.ts";

type ConsulSettings = Settings["consul"];
type NomadSettings = Settings["nomad"] & { readonly address: string };

/** A catalog that is charted, with its section of the settings. */
export type ChosenCatalog = {
  /** What the settings call it, where they list several. */
  readonly name?: string;
  /** Which part of the product is read, such as a datacenter; undefined for the product's own default. */
  readonly scope: readonly (string | undefined)[];
  /** How the scheduler is reached that hands out the ports of the instances, where the product is one. */
  readonly scheduler?: NomadSettings;
} & (
  | { readonly kind: "consul"; readonly settings: ConsulSettings }
  | { readonly kind: "nomad"; readonly settings: NomadSettings }
);

/**
 * The catalogs of the list; without a list Nomad where its address is named, else Consul. That not both are named has been
 * checked before.
 */
export function chosenCatalogs({ consul, nomad, catalogs }: Settings): readonly ChosenCatalog[] {
  if (catalogs !== undefined) return catalogs.flatMap(listedCatalog);
  const { address } = nomad;
  return [address === undefined ? consulCatalog(consul) : nomadCatalog({ ...nomad, address })];
}

function listedCatalog({ name, consul, nomad }: NonNullable<Settings["catalogs"]>[number]): readonly ChosenCatalog[] {
  if (consul !== undefined) return [{ name, ...consulCatalog(consul) }];
  return nomad === undefined ? [] : [{ name, ...nomadCatalog(nomad) }];
}

function consulCatalog(settings: ConsulSettings): ChosenCatalog {
  return { kind: "consul", settings, scope: [settings.datacenter, settings.namespace, settings.partition] };
}

function nomadCatalog(settings: NomadSettings): ChosenCatalog {
  const namespaces = settings.namespace?.toSorted().join(",");
  return { kind: "nomad", settings, scope: [settings.region, namespaces], scheduler: settings };
}

/** What the parts of a scope are called. */
const SCOPES = { consul: ["datacenter", "namespace", "partition"], nomad: ["region", "namespaces"] } as const;

/** A catalog for a person: product, address without a password, and what the settings choose of it. */
export function titleOf({ kind, settings, scope }: ChosenCatalog): string {
  const chosen = scope.flatMap((part, position) => (part === undefined ? [] : [`, ${SCOPES[kind][position]} ${part}`]));
  return `${PRODUCT_NAMES[kind]} at ${withoutCredentials(settings.address)}${chosen.join("")}`;
}

/** What logs and metrics call a catalog: its name, else its kind. */
export function labelOf({ name, kind }: ChosenCatalog): string {
  return name ?? kind;
}

/** Where the settings describe the catalog, for messages. */
export function sectionOf({ name, kind }: ChosenCatalog): string {
  return name === undefined ? kind : `catalogs (${name}).${kind}`;
}

/**
 * Names what a snapshot was read from, over restarts: product, address, scope and prefix. A stored snapshot of another source
 * is not used, and what another source lacks is held. Without the password of an address, and without the path of a socket.
 *
 * @param prefix of the tags that decide which services are read
 */
export function sourceName({ kind, settings, scope }: ChosenCatalog, prefix: string): string {
  const address = lastingAddress(settings.address.replace(/\/\/[^/@]*@/, "//"));
  return `${kind} ${address} ${scope.map((part) => part ?? "-").join("/")} ${prefix}`;
}
