import { allocationIdOf } from "../core/catalog/allocation.ts";
import { nomadTaskOf } from "../core/catalog/nomad-task.ts";
import type { ServiceInstance } from "../core/catalog/snapshot.ts";

/** Where the web interfaces of Consul, Nomad and Traefik are: URLs without a slash at the end. */
export interface UiAddresses {
  readonly consul?: string;
  readonly nomad?: string;
  /** Of the Traefik that reads the main chart. */
  readonly traefik?: string;
}

/**
 * Where an operator sees an instance in Consul's web interface, and its allocation in Nomad's; as a field, which is left out
 * where there is neither. Names of the catalog are one segment of a path each, whatever they are; for one that cannot be
 * written as such there is no link. An allocation that Nomad has elsewhere is not this instance's.
 */
export function uiLinks(
  instance: ServiceInstance,
  { consul, nomad }: UiAddresses,
): { readonly links?: Pick<UiAddresses, "consul" | "nomad"> } {
  const inConsul = consul === undefined ? undefined : placeInConsul(instance);
  const inNomad = nomad === undefined ? undefined : placeInNomad(instance);
  if (inConsul === undefined && inNomad === undefined) return {};
  return {
    links: {
      ...(inConsul === undefined ? {} : { consul: `${consul}/ui${inConsul}` }),
      ...(inNomad === undefined ? {} : { nomad: `${nomad}/ui${inNomad}` }),
    },
  };
}

/**
 * Where an operator sees a router of the main chart in Traefik's dashboard: its pages stand behind `#`
 * (https://github.com/traefik/traefik/blob/v3.6/webui/src/App.tsx). No field where there is none, or the chart is another one's.
 *
 * @param section as in the chart: `http/routers`
 */
export function dashboardLink(
  { chart, section, name }: { readonly chart: string; readonly section: string; readonly name: string },
  { traefik }: UiAddresses,
): { readonly dashboard?: string } {
  const place = traefik === undefined || chart !== "main" ? undefined : pathOf([`${name}@file`]);
  return place === undefined ? {} : { dashboard: `${traefik}/dashboard/#/${section}${place}` };
}

function placeInConsul({ catalog, datacenter, service, node, id }: ServiceInstance): string | undefined {
  return catalog === "consul" ? pathOf([datacenter, "services", service, "instances", node, id]) : undefined;
}

function placeInNomad(instance: ServiceInstance): string | undefined {
  const task = nomadTaskOf(instance);
  const allocation = task === undefined || task.toldBy === "refuted" ? undefined : allocationIdOf(instance.id);
  return allocation === undefined ? undefined : pathOf(["allocations", allocation]);
}

/** Undefined where a segment would be read as none, or as the one above: browsers take `%2E%2E` for that, too. */
function pathOf(segments: readonly string[]): string | undefined {
  if (segments.some((one) => one === "" || one === "." || one === "..")) return undefined;
  return segments.map((one) => `/${encoded(one)}`).join("");
}

/** What `encodeURIComponent` leaves may end a link in a text or in HTML. */
function encoded(segment: string): string {
  return encodeURIComponent(segment.toWellFormed()).replace(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
