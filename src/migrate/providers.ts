/** Traefik's own providers that portolan takes the place of. */
export const PROVIDERS = ["consulcatalog", "nomad"] as const;
export type Provider = (typeof PROVIDERS)[number];
