import type { Stage, StageOptions } from "../../trials/stage/stage.ts";
import { hostOf, INNOCENT, register } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";
import { byNomad, overRestart } from "../variants.ts";

const EXPOSED = "traefik.enable=true";
const LENDER = "lender";
const LOCK = ["x-lock", "closed"] as const;

/** The innocent service uses a middleware of another one, which was there first. */
const BORROWING: StageOptions = {
  moreTags: [`traefik.http.routers.${INNOCENT}.middlewares=lock`],
  beforeStart: ({ catalog, ports }) => lend(catalog, ports.second),
};

function lend(catalog: Stage["catalog"], port: number, status: "passing" | "critical" = "passing"): Promise<void> {
  const [name, value] = LOCK;
  const tags = [EXPOSED, `traefik.http.middlewares.lock.headers.customresponseheaders.${name}=${value}`];
  return register(catalog, { service: LENDER, port, tags, status });
}

const LEAVE: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  "turns critical": ({ catalog, ports }) => lend(catalog, ports.second, "critical"),
  "is started again": ({ catalog }) => catalog.deregister({ Node: "node-1", ServiceID: LENDER }),
};

/** A stranger asks for the innocent host and waits; another one defines the middleware as something that lets all pass. */
async function strangersCome({ catalog, ports }: Stage): Promise<void> {
  const asking = [EXPOSED, `traefik.http.routers.thief.rule=Host(\`${hostOf(INNOCENT)}\`)`];
  await register(catalog, { service: "thief", port: ports.first, tags: asking });
  const forging = [EXPOSED, "traefik.http.middlewares.lock.headers.customresponseheaders.x-forged=open"];
  await register(catalog, { service: "forger", port: ports.first, tags: forging });
}

function lenderLeaves(how: string, when: "before" | "after"): Trial {
  return {
    name: `lent middlewares: the lender ${how}, strangers wait for host and name, and came ${when} that`,
    stage: BORROWING,
    async begin(stage) {
      if (when === "before") await strangersCome(stage);
      await LEAVE[how]?.(stage);
      if (when === "after") await strangersCome(stage);
    },
    end: ({ catalog, ports }) => lend(catalog, ports.second),
    verify: isLocked,
    // Each stranger has its lines, and after a restart they have them again.
    mostLogLines: 24,
    tells: ["diagnostic.found"],
  };
}

/** What visitors get of the innocent service comes through its lender's middleware. */
async function isLocked({ answers }: Stage): Promise<void> {
  const { status, headers } = await answers(hostOf(INNOCENT));
  const [name, value] = LOCK;
  if (status === 200 && headers[name] === value && headers["x-forged"] === undefined) return;
  throw new Error(`answered ${status}, ${name}: ${headers[name]}, x-forged: ${headers["x-forged"]}`);
}

const ATTACKS = Object.keys(LEAVE).flatMap((how) => [lenderLeaves(how, "before"), lenderLeaves(how, "after")]);

export const LENT_MIDDLEWARE_ATTACKS: readonly Trial[] = [
  ...ATTACKS,
  ...ATTACKS.slice(0, 3).map(overRestart),
  // A job has no say in its health by a word alone: those in which the lender is started again.
  ...ATTACKS.slice(2).map(byNomad),
  {
    ...lenderLeaves("turns critical", "before"),
    name: "lent middlewares: the lender is critical for longer than a name is kept for an absent owner",
    seconds: 34,
  },
];
