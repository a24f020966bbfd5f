/** The Traefik lines whose fields are known. A field that the running Traefik lacks makes it refuse the whole file. */
export const TRAEFIK_VERSIONS = ["3.6", "3.7"] as const;
export type TraefikVersion = (typeof TRAEFIK_VERSIONS)[number];
