import { hostOf, INNOCENT, register } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";
import { byNomad, overRestart } from "../variants.ts";
import { ENTRY_POINT_ATTACKS } from "./entry-points.ts";

const EXPOSED = "traefik.enable=true";

/** Another service asks for the innocent service's host by this rule, with the highest priority. */
function asksForTheHost(how: string, rule: string): Trial {
  return {
    name: `hosts: the innocent host ${how}`,
    begin: ({ catalog, ports }) =>
      register(catalog, {
        service: "thief",
        port: ports.first,
        tags: [EXPOSED, `traefik.http.routers.thief.rule=${rule}`, "traefik.http.routers.thief.priority=100000"],
      }),
    tells: ["diagnostic.found"],
  };
}

const ATTACKS: readonly Trial[] = [
  asksForTheHost("by its name", `Host(\`${hostOf(INNOCENT)}\`)`),
  asksForTheHost("in capitals", `Host(\`${hostOf(INNOCENT).toUpperCase()}\`)`),
  asksForTheHost("by a negation of another host", "!Host(`elsewhere.test`)"),
  asksForTheHost("by a path alone", "PathPrefix(`/`)"),
];

/** Hosts, and the entry points at which they are asked for. */
export const HOST_ATTACKS: readonly Trial[] = [
  ...ATTACKS,
  ...ATTACKS.slice(0, 1).map(overRestart),
  ...ATTACKS.map(byNomad),
  ...ATTACKS.slice(0, 1).map(overRestart).map(byNomad),
  ...ENTRY_POINT_ATTACKS,
];
