import { until } from "../../support/await-until.ts";
import { askOnce } from "../../trials/stage/innocent-probe.ts";
import type { Stage } from "../../trials/stage/stage.ts";
import { hostOf, register } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";
import { byNomad, overRestart } from "../variants.ts";

const EXPOSED = "traefik.enable=true";
/** The entry point before whose routers the operator puts a password. */
const GUARDED = "guarded";
const DODGER = hostOf("dodger");

const GATE = JSON.stringify({
  http: {
    middlewares: {
      gate: { basicAuth: { users: ["admin:$2y$05$WFpMMmEi5QgkQmpZ6wQEsOmTYn9Rm4Dyy9ZbLfRE2hXV3Xh7u9R8e"] } },
    },
  },
});

async function answerAt({ entryPoints }: Stage): Promise<string> {
  const { status, text } = await askOnce(`http://127.0.0.1:${entryPoints.get(GUARDED)}`, DODGER);
  return status === 200 ? text : String(status);
}

/** A tenant wants its service to be reached at the guarded entry point without a password: it is asked for one, or not routed at all. */
function dodges(how: string, tags: readonly string[], answer: "401" | "404"): Trial {
  return {
    name: `default middlewares: dodged by ${how}`,
    portolanOnly: true,
    stage: {
      entryPoints: [GUARDED],
      settings: () => ({
        // The innocent service and the bystanders name no entry point, and have none of these.
        traefik: { defaultEntryPoints: ["web"], defaultMiddlewares: { [GUARDED]: ["gate@file"] } },
      }),
      files: () => ({ "dynamic/gate.yml": GATE }),
    },
    begin: ({ catalog, ports }) =>
      register(catalog, { service: "dodger", port: ports.first, tags: [EXPOSED, ...tags] }),
    async verify(stage) {
      const isAnswered = async () => (await answerAt(stage)) === answer;
      await until(isAnswered, { timeoutMs: 5_000, what: `${answer} at the guarded entry point` });
    },
    tells: ["diagnostic.found"],
  };
}

const RULE = `traefik.http.routers.dodger.rule=Host(\`${DODGER}\`)`;
const BY_TAG = dodges(
  "a tag, a second router and a middleware of the same name",
  [
    RULE,
    "portolan.defaultMiddlewares=false",
    `traefik.http.routers.dodger.entrypoints=${GUARDED}`,
    `traefik.http.routers.second.rule=Host(\`${DODGER}\`) && PathPrefix(\`/\`)`,
    `traefik.http.routers.second.entrypoints=${GUARDED},web`,
    "traefik.http.middlewares.gate.headers.customrequestheaders.X-Open=yes",
  ],
  "401",
);

export const DEFAULT_MIDDLEWARE_ATTACKS: readonly Trial[] = [
  BY_TAG,
  overRestart(BY_TAG),
  byNomad(BY_TAG),
  dodges(
    "TCP at the same entry point",
    ["traefik.tcp.routers.dodger.rule=ClientIP(`127.0.0.0/8`)", `traefik.tcp.routers.dodger.entrypoints=${GUARDED}`],
    "404",
  ),
];
