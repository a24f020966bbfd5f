import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { parseChart } from "../../../src/core/traefik/chart/parse-chart.ts";
import type { Stage } from "../../trials/stage/stage.ts";
import { hostOf, register } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";
import { byNomad, overRestart } from "../variants.ts";

const EXPOSED = "traefik.enable=true";

/** Chains that each name the next one twice; the last one names `last` twice. */
function doubling(from: number, to: number, last: string): readonly string[] {
  return Array.from({ length: to - from }, (_, step) => {
    const next = from + step + 1 < to ? `c${from + step + 1}` : last;
    return `traefik.http.middlewares.c${from + step}.chain.middlewares=${next},${next}`;
  });
}

function middleware(name: string, definition: string): string {
  return `traefik.http.middlewares.${name}.${definition}`;
}

const LEAF = middleware("leaf", "stripprefix.prefixes=/a");

/** A router of the name for its host, through these middlewares. */
function routed(name: string, middlewares: readonly string[]): readonly string[] {
  return [
    `traefik.http.routers.${name}.rule=Host(\`${hostOf(name)}\`)`,
    `traefik.http.routers.${name}.middlewares=${middlewares}`,
  ];
}

function times(count: number, name: string): readonly string[] {
  return Array.from({ length: count }, () => name);
}

/** Services by these names with these tags are registered, one after the other; none of these hosts may be answered. */
function registers(
  name: string,
  services: Readonly<Record<string, readonly string[]>>,
  unanswered: readonly string[],
): Trial {
  return {
    name: `budgets: ${name}`,
    async begin({ catalog, ports }) {
      for (const [service, tags] of Object.entries(services)) {
        await register(catalog, { service, port: ports.first, tags: [EXPOSED, ...tags] });
      }
    },
    async verify(stage) {
      for (const service of unanswered) {
        const { status } = await stage.answers(hostOf(service));
        if (status !== 404) throw new Error(`${service} is answered ${status}`);
      }
    },
    tells: ["diagnostic.found"],
  };
}

const BOMB = registers(
  "thirty chains that each name the next one twice",
  { bomb: [...doubling(0, 30, "leaf"), LEAF, ...routed("bomb", ["c0"])] },
  ["bomb"],
);

/** Traefik makes room for so many connections, and gives up what it was building where that is less than none. */
const POOL_BELOW_ZERO = registers(
  "a pool of fewer connections than none",
  {
    pool: [
      middleware("pool", "ratelimit.average=10"),
      middleware("pool", "ratelimit.redis.endpoints=127.0.0.1:24999"),
      middleware("pool", "ratelimit.redis.poolsize=-1"),
      ...routed("pool", ["pool"]),
    ],
  },
  ["pool"],
);

/** Each leads to 32 MiB, all that one service may; together they would be more than a gigabyte. */
const MANY_SMALL: Trial = {
  name: "budgets: forty services, each with as many circuit breakers as one may have",
  async begin({ catalog, ports }) {
    for (let number = 0; number < 40; number += 1) {
      const service = `greedy-${number}`;
      const tags = [
        EXPOSED,
        middleware(service, "circuitbreaker.expression=NetworkErrorRatio() > 0.5"),
        ...["a", "b", "c", "d"].flatMap((router) => routed(`${service}-${router}`, times(60, service))),
      ];
      await register(catalog, { service, port: ports.first, tags });
    }
  },
  async verify(stage) {
    const count = (await routersIn(stage)).filter((router) => router.startsWith("greedy-")).length;
    // 256 MiB of what each of them is counted for, some 7.5 MiB.
    if (count > 36) throw new Error(`${count} of 160 routers with sixty circuit breakers each are charted`);
  },
  // One line for each route and for each that is left out.
  mostLogLines: 300,
  tells: ["diagnostic.found"],
};

async function routersIn({ chart }: Stage): Promise<readonly string[]> {
  return [...(parseChart(await readFile(chart, "utf8"))?.["http/routers"].keys() ?? [])];
}

/** As much for V8 as it takes in a container of 384 MB, which is what the job file of nomad-jobs/ allows at most. */
const SMALL_HEAP = "--max-old-space-size=256";

/** Each of these registrations took 50 MB and more of portolan's memory, and five of them its life. */
const HEAVY_RULES: Trial = {
  name: "budgets: 490 rules by HostRegexp in each of ten registrations, one every second",
  portolanOnly: true,
  stage: { environment: () => ({ NODE_OPTIONS: SMALL_HEAP }) },
  async begin({ catalog, ports }) {
    for (let number = 0; number < 10; number += 1) {
      const rules = Array.from(
        { length: 490 },
        (_, at) =>
          `traefik.http.routers.h${number}-${at}.rule=HostRegexp(\`^[a-z0-9-]{1,63}\\.h${at}-${number}\\.example\\.org$\`)`,
      );
      await register(catalog, { service: `heavy-${number}`, port: ports.first, tags: [EXPOSED, ...rules] });
      await sleep(1_000);
    }
  },
  async verify({ portolan }) {
    const isAlive = await fetch(`${portolan.url}/v1/status`).then(({ ok }) => ok);
    if (!isAlive) throw new Error("portolan does not answer");
  },
  // After a restart every rule within the budgets is compiled once more before the first new chart.
  newsWithinMs: 5_000,
  // One line for each of the hundreds of routes that are within the budget, and some for each service that is not.
  mostLogLines: 1_000,
  tells: ["diagnostic.found"],
};

const ATTACKS: readonly Trial[] = [
  BOMB,
  POOL_BELOW_ZERO,
  {
    ...registers(
      "the same across three services, by names with and without a provider",
      {
        bomb: [...doubling(0, 10, "c10@file"), ...routed("bomb", ["c0@consulcatalog"])],
        "bomb-2": doubling(10, 20, "c20"),
        "bomb-3": [...doubling(20, 30, "leaf"), LEAF],
      },
      ["bomb"],
    ),
    // Until the last of them is there, each names what is not defined.
    mostLogLines: 60,
  },
  MANY_SMALL,
  registers(
    "chains of two services in a circle, each naming the other twice",
    {
      bomb: [middleware("one", "chain.middlewares=two,two"), ...routed("bomb", ["one"])],
      "bomb-2": [middleware("two", "chain.middlewares=one,one"), ...routed("bomb-2", ["two"])],
    },
    ["bomb", "bomb-2"],
  ),
  registers(
    "a request that becomes 11^30, by buffering that asks again",
    { bomb: [middleware("m", "buffering.retryexpression=IsNetworkError()"), ...routed("bomb", times(30, "m"))] },
    ["bomb"],
  ),
  registers(
    "six hundred error pages at one router",
    {
      bomb: [
        ...["errors.status=500-599", "errors.service=bomb", "errors.query=/"].map((field) => middleware("m", field)),
        ...routed("bomb", times(600, "m")),
      ],
    },
    ["bomb"],
  ),
  registers(
    "regular expressions that grow to gigabytes",
    {
      bomb: [
        ...["redirectregex.replacement=/", `redirectregex.regex=${"a{1000}".repeat(1_000)}`].map((field) =>
          middleware("m", field),
        ),
        ...routed("bomb", times(60, "m")),
      ],
    },
    ["bomb"],
  ),
  registers(
    "a password that takes days, a billion attempts, a check every nanosecond",
    {
      bomb: [
        middleware("m", "basicauth.users=a:$2y$31$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234"),
        ...routed("bomb", ["m"]),
      ],
      "bomb-2": [middleware("n", "retry.attempts=1000000000"), ...routed("bomb-2", ["n"])],
      "bomb-3": [
        "traefik.http.services.bomb-3.loadbalancer.healthcheck.path=/",
        "traefik.http.services.bomb-3.loadbalancer.healthcheck.interval=1ns",
        `traefik.http.routers.bomb-3.rule=Host(\`${hostOf("bomb-3")}\`)`,
      ],
    },
    ["bomb", "bomb-2", "bomb-3"],
  ),
  HEAVY_RULES,
];

/** Not what a tenant can do: services of these kinds can be written in files only. */
const SLIPS: readonly Trial[] = [
  {
    name: "budgets: weighted services of TCP in a circle, in the operator's files",
    portolanOnly: true,
    stage: {
      settings: () => ({ snippets: "snippets" }),
      files: () => ({
        "snippets/circle.yml": JSON.stringify({
          tcp: {
            routers: { circle: { rule: "HostSNI(`circle.test`)", tls: {}, service: "one" } },
            services: {
              one: { weighted: { services: [{ name: "two" }] } },
              two: { weighted: { services: [{ name: "one" }] } },
            },
          },
        }),
      }),
    },
    begin: async () => {},
    tells: [],
  },
  {
    name: "budgets: mirrors of mirrors, in the operator's files",
    portolanOnly: true,
    stage: {
      settings: () => ({ snippets: "snippets" }),
      files: () => ({
        "snippets/mirrors.yml": JSON.stringify({
          http: {
            routers: { mirrored: { rule: `Host(\`${hostOf("bomb")}\`)`, service: "m0" } },
            services: {
              ...Object.fromEntries(
                Array.from({ length: 30 }, (_, at) => [
                  `m${at}`,
                  { mirroring: { service: `m${at + 1}`, mirrors: [{ name: `m${at + 1}`, percent: 100 }] } },
                ]),
              ),
              m30: { loadBalancer: { servers: [{ url: "http://127.0.0.1:24000" }] } },
            },
          },
        }),
      }),
    },
    begin: async () => {},
    async verify(stage) {
      const { status } = await stage.answers(hostOf("bomb"));
      if (status !== 404) throw new Error(`the mirrors are asked: ${status}`);
    },
    tells: [],
  },
];

export const BUDGET_ATTACKS: readonly Trial[] = [
  ...ATTACKS,
  ...[BOMB, MANY_SMALL, HEAVY_RULES].map(overRestart),
  ...[BOMB, POOL_BELOW_ZERO, HEAVY_RULES].map(byNomad),
  ...SLIPS,
];
