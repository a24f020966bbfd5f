import type { TraefikEntryPoint } from "./running-traefik.ts";

/**
 * Names of the entry points that HTTP and TCP routers have that name none: those that are marked (`asDefault`), or all where
 * none is, but for UDP ones and Traefik's own (Traefik 3.6, `getDefaultsEntrypoints` in cmd/traefik).
 */
export function defaultEntryPoints(entryPoints: readonly TraefikEntryPoint[]): readonly string[] {
  const marked = entryPoints.filter(({ isDefault }) => isDefault);
  return (marked.length > 0 ? marked : entryPoints)
    .filter(({ name, address }) => name !== "traefik" && !address.toLowerCase().endsWith("/udp"))
    .map(({ name }) => name);
}
