import type { ConfigObject, ResourceKey, Section } from "../traefik/chart/dynamic-config.ts";

/** What Traefik's API lists: of the rest that a chart may define it says nothing. */
export const LISTED_SECTIONS = [
  "http/routers",
  "http/services",
  "http/middlewares",
  "tcp/routers",
  "tcp/services",
  "tcp/middlewares",
  "udp/routers",
  "udp/services",
] as const satisfies readonly Section[];
export type ListedSection = (typeof LISTED_SECTIONS)[number];

export function isListedSection(section: Section): section is ListedSection {
  return LISTED_SECTIONS.some((one) => one === section);
}

/** `warning`: it works in part, for instance at one of its two entry points. */
export type TraefikStatus = "enabled" | "disabled" | "warning";

/** A router, service or middleware as a running Traefik has it, whichever of its providers defined it. */
export interface TraefikResource {
  /** With its name as the provider knows it: `http/routers/web` for what Traefik calls `web@file`. Text of an unknown author. */
  readonly key: ResourceKey;
  readonly section: ListedSection;
  /** `file`, `consulcatalog`, `internal`, … */
  readonly provider: string;
  readonly status: TraefikStatus;
  /** In Traefik's words, each one short printable line. */
  readonly errors: readonly string[];
  /**
   * What it is defined by, with the defaults that Traefik has filled in and the fields' names as in its files. May hold
   * secrets, such as the users of a `basicAuth`: never to be printed as a whole.
   */
  readonly definition: ConfigObject;
}

/** The name that Traefik gives it: with its provider. */
export function qualifiedName({ key, section, provider }: TraefikResource): string {
  return `${key.slice(section.length + 1)}@${provider}`;
}
