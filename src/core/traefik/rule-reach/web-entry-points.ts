/** Names that Traefik's documentation and packages give to entry points of HTTP. */
export const WEB_ENTRY_POINTS: readonly string[] = ["web", "websecure", "http", "https"];
