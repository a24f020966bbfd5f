import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../support/await-until.ts";
import type { Stage } from "../../trials/stage/stage.ts";
import { hostOf, register } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";
import { byNomad } from "../variants.ts";

const HOST = hostOf("wanted");
const SQUATTER = "squatter";
const RIGHTFUL = "rightful";
const RULE = `rule=Host(\`${HOST}\`)`;

/** For how long a definition that is wrong goes on, and a host is kept for an owner that is away. */
const GRACE_MS = 6_000;
const KEPT_MS = 1_000;
const ROUNDS = 12;
const EVERY_MS = 1_000;

function tagsOf(service: string, ...fields: readonly string[]): readonly string[] {
  return ["traefik.enable=true", ...fields.map((field) => `traefik.http.routers.${service}.${field}`)];
}

/** What goes on as it was last defined: each is wrong by a slip and closes nothing. */
const SLIPS = ["prioritty=1", "servise=x", "priority=ten", "observabilty.metrics=true"];

type Round = (stage: Stage, round: number) => Promise<void>;

const breakAgain: Round = ({ catalog, ports }, round) => {
  const slip = SLIPS[round % SLIPS.length] ?? "";
  return register(catalog, { service: SQUATTER, port: ports.first, tags: tagsOf(SQUATTER, RULE, slip) });
};

const comeBack: Round = async (stage, round) => {
  await stage.catalog.deregister({ Node: "node-1", ServiceID: SQUATTER });
  await sleep(EVERY_MS / 2);
  await breakAgain(stage, round);
};

const restartOnce: Round = async (stage, round) => {
  await breakAgain(stage, round);
  if (round !== 3) return;
  await stage.killPortolan();
  await stage.startPortolan();
};

const byAnotherInstance: Round = async ({ catalog, ports }, round) => {
  const instance = (at: number) => ({ service: SQUATTER, id: `${SQUATTER}-${at}` });
  const slip = SLIPS[round % SLIPS.length] ?? "";
  await register(catalog, { ...instance(round), port: ports.first, tags: tagsOf(SQUATTER, RULE, slip) });
  await catalog.deregister({ Node: "node-1", ServiceID: round === 0 ? SQUATTER : `${SQUATTER}-${round - 1}` });
};

/** A service had a host first, and lets its definition stand by tags that are wrong on purpose; another one waits for the host. */
function keepsHost(how: string, again: Round, linesOfRound = 8): Trial {
  return {
    name: `slips: a host is kept by tags that are wrong, ${how}`,
    portolanOnly: true,
    stage: {
      settings: () => ({ routes: { zeroInstanceGrace: `${GRACE_MS}ms` }, claims: { keep: `${KEPT_MS}ms` } }),
    },
    async begin(stage) {
      const { catalog, ports } = stage;
      await register(catalog, { service: SQUATTER, port: ports.first, tags: tagsOf(SQUATTER, RULE) });
      const isServed = async () => (await stage.answers(HOST)).text === String(ports.first);
      await until(isServed, { timeoutMs: 5_000, what: "the first owner to be served" });
      await register(catalog, { service: RIGHTFUL, port: ports.second, tags: tagsOf(RIGHTFUL, RULE) });
      for (let round = 0; round < ROUNDS; round += 1) {
        await again(stage, round);
        await sleep(EVERY_MS);
      }
    },
    async verify(stage) {
      const { status, text } = await stage.answers(HOST);
      if (text !== String(stage.ports.second)) throw new Error(`the host is kept for longer: ${status} ${text}`);
    },
    // Each round is a new version of the tags with another mistake, which is told, and the one before is settled.
    mostLogLines: linesOfRound * ROUNDS,
    tells: ["diagnostic.found"],
  };
}

const IN_ANOTHER_WAY = keepsHost("in another way each second", breakAgain);

export const SLIP_ATTACKS: readonly Trial[] = [
  IN_ANOTHER_WAY,
  byNomad(IN_ANOTHER_WAY),
  keepsHost("and over a restart", restartOnce),
  // Each time its route is emptied and restored, too.
  keepsHost("by a service that leaves for a moment each second", comeBack, 12),
  keepsHost("by another instance each second", byAnotherInstance),
];
