import type { Dice } from "./dice.ts";

/**
 * What operators write on their services, without the tag that exposes them. Some names are shared by services, so that
 * they come into conflict and out of it again: Traefik drops what is defined twice and differently.
 */
const VARIANTS: readonly ((name: string, number: number) => readonly string[])[] = [
  () => [],
  (name, number) => [`traefik.http.routers.${name}.rule=Host(\`${name}-${number}.test\`)`],
  (name, number) => [`traefik.http.routers.${name}.rule=Host(\`${name}.test\`) && PathPrefix(\`/v${number}\`)`],
  (name, number) => [
    `traefik.http.routers.${name}.rule=Host(\`${name}.test\`)`,
    `traefik.http.routers.${name}.middlewares=strip-${name}`,
    `traefik.http.middlewares.strip-${name}.stripprefix.prefixes=/v${number}`,
  ],
  (name) => [`traefik.http.services.${name}.loadbalancer.server.port=2${String(name.length).padStart(4, "0")}`],
  (_, number) => [`traefik.http.routers.shared-${number}.rule=Host(\`shared-${number}.test\`)`],
  (name) => [`traefik.tcp.routers.${name}.rule=HostSNI(\`${name}.test\`)`],
  (name) => [`traefik.udp.routers.${name}.entrypoints=dns`],
  (name, number) => [
    `traefik.http.routers.${name}.rule=Host(\`${name}.test\`)`,
    `traefik.http.services.${name}.loadbalancer.healthcheck.path=/health-${number}`,
    "unrelated",
  ],
  (name) => [`traefik.http.routers.${name}.rule=Host(\`${name}.test\`)`, "traefik.http.routers.broken.no-such-field=x"],
];

/** Tags for a service of this name. */
export function tagsFor(name: string, dice: Dice): readonly string[] {
  return dice.pick(VARIANTS)(name, dice.below(3));
}
