import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../support/await-until.ts";
import type { Stage } from "../../trials/stage/stage.ts";
import { hostOf, register, tagsOf } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";

const MEMBER = "member";
const EVERY_MS = 40;

/** What visitors of the member met, while the authentication was away. */
interface Watch {
  stop(): Promise<readonly string[]>;
}

const watches = new WeakMap<Stage, Watch>();

/** The authentication of others, with a mark on each answer by which one that went past it is told. */
function registerSso({ catalog, ports }: Stage, status: "passing" | "critical" = "passing"): Promise<void> {
  const tags = [
    ...tagsOf("sso"),
    `traefik.http.middlewares.auth.forwardauth.address=http://127.0.0.1:${ports.second}/verify`,
    "traefik.http.middlewares.marked.headers.customresponseheaders.x-asked=yes",
    "traefik.http.middlewares.sso.chain.middlewares=marked,auth",
  ];
  return register(catalog, { service: "sso", port: ports.second, tags, status });
}

function isGuarded({ status, headers }: Awaited<ReturnType<Stage["answers"]>>): boolean {
  return status === 200 && headers["x-asked"] === "yes";
}

/** Asks for the member all the time: it is answered behind its authentication, or 503. */
function watchMember(stage: Stage): Watch {
  const wrong = new Set<string>();
  let isOver = false;
  async function ask(): Promise<void> {
    while (!isOver) {
      const answer = await stage.answers(hostOf(MEMBER));
      if (!isGuarded(answer) && answer.status !== 503) {
        wrong.add(answer.status === 200 ? "200 without its authentication" : String(answer.status));
      }
      await sleep(EVERY_MS);
    }
  }
  const asking = ask();
  return {
    async stop() {
      isOver = true;
      await asking;
      return [...wrong];
    },
  };
}

function authenticationIs(how: string, leave: (stage: Stage) => Promise<void>, during: number): Trial {
  return {
    name: `catalog: the authentication of others ${how} for seconds`,
    portolanOnly: true,
    async begin(stage) {
      const { catalog, ports, answers } = stage;
      await registerSso(stage);
      const tags = [...tagsOf(MEMBER), `traefik.http.routers.${MEMBER}.middlewares=sso`];
      await register(catalog, { service: MEMBER, port: ports.first, tags });
      const isAnswered = async () => isGuarded(await answers(hostOf(MEMBER)));
      await until(isAnswered, { timeoutMs: 5_000, what: "the member to be answered" });
      watches.set(stage, watchMember(stage));
      await leave(stage);
      const isSo = async () => (await answers(hostOf(MEMBER))).status === during;
      await until(isSo, { timeoutMs: 5_000, what: `the member to be answered ${during}` });
    },
    end: (stage) => registerSso(stage),
    async verify(stage) {
      const isAnswered = async () => isGuarded(await stage.answers(hostOf(MEMBER)));
      await until(isAnswered, { timeoutMs: 5_000, what: "the member to be answered again" });
      const wrong = (await watches.get(stage)?.stop()) ?? [];
      if (wrong.length > 0) throw new Error(`visitors of the member met ${wrong.join(", ")}`);
    },
    // What is missing and who misses it, each with its line when it comes and when it goes.
    mostLogLines: 18,
    tells: [],
  };
}

export const AUTHENTICATION_ROWS: readonly Trial[] = [
  authenticationIs("is critical", (stage) => registerSso(stage, "critical"), 200),
  authenticationIs("is gone", ({ catalog }) => catalog.deregister({ Node: "node-1", ServiceID: "sso" }), 503),
];
