import { until } from "../../support/await-until.ts";
import { askOnce } from "../../trials/stage/innocent-probe.ts";
import type { Stage } from "../../trials/stage/stage.ts";
import { hostOf, INNOCENT, register, tagsOf } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";
import { byNomad, overRestart, underPolicy } from "../variants.ts";

const EXPOSED = "traefik.enable=true";
/** A second entry point, one of Traefik's default ones: routers that name none listen there as well. */
const OPEN = "open";

/** What answers a request for the innocent host at the second entry point. */
async function answerAt({ entryPoints }: Stage): Promise<string> {
  const { status, text } = await askOnce(`http://127.0.0.1:${entryPoints.get(OPEN)}`, hostOf(INNOCENT));
  return status === 200 ? text : String(status);
}

async function staysWith(port: number, stage: Stage): Promise<void> {
  const answer = await answerAt(stage);
  if (answer !== String(port)) throw new Error(`at ${OPEN} port ${answer} answers, not ${port}`);
}

/** HTTP was there first; a TCP router asks for all clients of an entry point that no HTTP router names. */
function takesHttp(how: string, tags: readonly string[], moreTags: readonly string[] = []): Trial {
  return {
    name: `entry points: HTTP is taken by ${how}`,
    portolanOnly: true,
    stage: { entryPoints: [OPEN], moreTags },
    begin: ({ catalog, ports }) => register(catalog, { service: "thief", port: ports.first, tags: [EXPOSED, ...tags] }),
    verify: (stage) => staysWith(stage.ports.innocent, stage),
    tells: ["diagnostic.found"],
  };
}

const DATABASE = [
  EXPOSED,
  "traefik.tcp.routers.database.rule=HostSNI(`*`)",
  `traefik.tcp.routers.database.entrypoints=${OPEN}`,
];

/** A database was there first, on all clients of the entry point; an HTTP router of another service comes to it. */
function takesDatabase(how: string, tags: readonly string[], tells: Trial["tells"]): Trial {
  return {
    name: `entry points: a database is taken by ${how}`,
    portolanOnly: true,
    stage: {
      entryPoints: [OPEN],
      // No other service names the database's entry point, and it was registered before all of them.
      beforeStart: ({ catalog, ports }) =>
        register(catalog, { service: "database", port: ports.second, tags: DATABASE }),
    },
    async begin(stage) {
      const isServed = async () => (await answerAt(stage)) === String(stage.ports.second);
      await until(isServed, { timeoutMs: 5_000, what: "the database to be routed" });
      const { catalog, ports } = stage;
      await register(catalog, { service: "thief", port: ports.first, tags: [EXPOSED, ...tags] });
    },
    verify: (stage) => staysWith(stage.ports.second, stage),
    tells,
  };
}

const CATCH_ALL = takesHttp("HostSNI(*) at an entry point of any name", [
  "traefik.tcp.routers.thief.rule=HostSNI(`*`)",
  `traefik.tcp.routers.thief.entrypoints=${OPEN}`,
]);

const HTTP_AT_DATABASE = takesDatabase(
  "an HTTP router that names its entry point",
  [
    `traefik.http.routers.thief.rule=Host(\`${hostOf("thief")}\`)`,
    `traefik.http.routers.thief.entrypoints=${OPEN}`,
    "traefik.http.routers.thief.priority=100000",
  ],
  ["diagnostic.found"],
);

export const ENTRY_POINT_ATTACKS: readonly Trial[] = [
  CATCH_ALL,
  overRestart(CATCH_ALL),
  underPolicy(CATCH_ALL, "rules: [{}]"),
  takesHttp("ClientIP at an entry point of any name", [
    "traefik.tcp.routers.thief.rule=ClientIP(`0.0.0.0/0`)",
    `traefik.tcp.routers.thief.entrypoints=${OPEN}`,
  ]),
  takesHttp(
    "HostSNI(*) at an entry point that HTTP names",
    ["traefik.tcp.routers.thief.rule=HostSNI(`*`)", `traefik.tcp.routers.thief.entrypoints=${OPEN}`],
    [`traefik.http.routers.${INNOCENT}.entrypoints=web,${OPEN}`],
  ),
  HTTP_AT_DATABASE,
  overRestart(HTTP_AT_DATABASE),
  takesDatabase("an HTTP router that names no entry point", tagsOf("thief"), []),
  ...[CATCH_ALL, HTTP_AT_DATABASE].map(byNomad),
];
