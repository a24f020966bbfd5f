import { until } from "../../support/await-until.ts";
import { type Listener, redirectTo, redisClusterAt, startListener } from "../../trials/stage/listener.ts";
import type { Stage } from "../../trials/stage/stage.ts";
import { hostOf, register, tagsOf } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";
import { byNomad, overRestart, underPolicy } from "../variants.ts";

/** What Traefik must not be made to reach. */
interface Targets {
  /** The catalog itself, as any agent is reached by who is on its machine. */
  readonly agent: number;
  /** A program's administration, on a port outside the window. */
  readonly admin: number;
  /** Another service, on a dynamic port. */
  readonly bank: number;
  /** A server of the tenant's own, which leads whoever asks it to the administration. */
  readonly guide: number;
  /** A Redis of the tenant's own, which says that the keys are at the administration. */
  readonly redis: number;
}

interface Tempted {
  /** Of the tenant's only instance; default: a backend of the stage. */
  readonly port?: (targets: Targets) => number;
  readonly tags: (targets: Targets) => readonly string[];
  /** Default: a diagnostic. */
  readonly tells?: Trial["tells"];
}

const VICTIM = "victim";
const BANK = "bank";
const HTTP = "traefik.http.services.tenant.loadbalancer.healthcheck";
const TCP = "traefik.tcp.services.tenant.loadbalancer.healthcheck";
const TCP_ROUTER = ["traefik.tcp.routers.tenant.rule=HostSNI(`tenant.test`)", "traefik.tcp.routers.tenant.tls=true"];
const LIMIT = "traefik.http.middlewares.limit.ratelimit";
const LIMITED = [
  `${LIMIT}.average=100`,
  `${LIMIT}.redis.minidleconns=1`,
  "traefik.http.routers.tenant.middlewares=limit",
];
const DEREGISTER = `/v1/agent/service/deregister/${VICTIM}`;
/** Traefik sends the first check after it. */
const OFTEN = "1s";
const CONTROL = "traefik.http.services.control.loadbalancer.healthcheck";
/**
 * What the control is asked for begins so, and goes on with its port. The Traefik of another trial may go on asking a port that
 * the system has given to a listener of this one meanwhile: that is no connection of this trial.
 */
const ALIVE = "/alive-";

/** A tenant's tags ask Traefik to connect where the tenant could not, and a service of its own shows that checks are sent. */
function connects(how: string, { port, tags, tells = ["diagnostic.found"] }: Tempted): Trial {
  const listening = new WeakMap<Stage, Listeners>();
  return {
    name: `connections: ${how}`,
    async begin(stage) {
      const { catalog, catalogUrl, ports } = stage;
      const listeners = await startListeners();
      listening.set(stage, listeners);
      if (stage.product === "consul") {
        await catalog.call("PUT", "/v1/agent/service/register", {
          ...{ ID: VICTIM, Name: VICTIM, Address: "127.0.0.1", Port: ports.others, Tags: tagsOf(VICTIM) },
        });
      }
      await register(catalog, { service: BANK, port: listeners.bank.port });
      const checked = [`${CONTROL}.path=${ALIVE}${listeners.control.port}`, `${CONTROL}.interval=${OFTEN}`];
      await register(catalog, {
        ...{ service: "control", port: listeners.control.port, tags: [...tagsOf("control"), ...checked] },
      });
      const { admin, bank, guide, redis } = listeners;
      const targets: Targets = {
        ...{ agent: Number(new URL(catalogUrl).port), admin: admin.port, bank: bank.port },
        ...{ guide: guide.port, redis: redis.port },
      };
      const registered = port?.(targets) ?? ports.first;
      await register(catalog, { service: "tenant", port: registered, tags: [...tagsOf("tenant"), ...tags(targets)] });
    },
    async verify(stage) {
      const listeners = listening.get(stage);
      if (listeners === undefined) throw new Error("the attack has not begun");
      const { admin, bank, control } = listeners;
      try {
        // The request that a rate limit asks its Redis for.
        await stage.answers(hostOf("tenant"));
        const checks = () => control.heard().filter((text) => text.includes(ALIVE)).length;
        const before = checks();
        await until(async () => checks() >= before + 3, { timeoutMs: 15_000, what: "checks of the control" });
        await expectVictim(stage);
        for (const [whose, { heard }] of Object.entries({
          "another's administration": admin,
          "another service": bank,
        })) {
          const first = heard().find((text) => !text.includes(ALIVE) || text.includes(`${ALIVE}${control.port} `));
          if (first !== undefined)
            throw new Error(`Traefik connected to ${whose}: ${JSON.stringify(first.slice(0, 40))}`);
        }
      } finally {
        await Promise.all(Object.values(listeners).map((one) => one.close()));
      }
    },
    tells,
    // Four services come and are told of, again after a restart.
    mostLogLines: 24,
  };
}

/** Nomad's agent takes services of its clients alone: there is none to deregister. */
async function expectVictim({ product, catalog }: Stage): Promise<void> {
  if (product !== "consul") return;
  const { body } = await catalog.get("/v1/agent/services");
  if (!Object.hasOwn(Object(body), VICTIM)) throw new Error("a service was deregistered from Consul");
}

type Listeners = Readonly<Record<"admin" | "bank" | "control" | "guide" | "redis", Listener>>;

async function startListeners(): Promise<Listeners> {
  const admin = await startListener("planned");
  return {
    admin,
    bank: await startListener("dynamic"),
    control: await startListener("dynamic"),
    guide: await startListener("dynamic", redirectTo(`http://127.0.0.1:${admin.port}/`)),
    redis: await startListener("dynamic", redisClusterAt(admin.port)),
  };
}

const BY_HTTP = connects("a health check deregisters a service from Consul, by HTTP", {
  tags: ({ agent }) => [
    ...[`${HTTP}.path=${DEREGISTER}`, `${HTTP}.method=PUT`, `${HTTP}.port=${agent}`, `${HTTP}.interval=${OFTEN}`],
  ],
});

const BY_TCP = connects("the same by bytes over TCP", {
  tags: ({ agent }) => [
    ...TCP_ROUTER,
    ...[`${TCP}.send=PUT ${DEREGISTER} HTTP/1.0\r\n\r\n`, `${TCP}.port=${agent}`, `${TCP}.interval=${OFTEN}`],
  ],
});

const BY_REDIRECT = connects("a health check is led elsewhere by the answer of the tenant's own server", {
  port: ({ guide }) => guide,
  tags: () => [`${HTTP}.path=/`, `${HTTP}.interval=${OFTEN}`],
  // Nothing was asked for that is refused.
  tells: ["route.added"],
});

const BY_REDIS = connects("the Redis of a rate limit is another's administration", {
  tags: ({ admin }) => [...LIMITED, `${LIMIT}.redis.endpoints=127.0.0.1:${admin}`],
});

const BY_PORT = connects("a health check leaves the window, by GET", {
  tags: ({ admin }) => [`${HTTP}.path=/`, `${HTTP}.port=${admin}`, `${HTTP}.interval=${OFTEN}`],
});

const BY_NEIGHBOUR = connects("a health check asks the port of another service, by GET", {
  tags: ({ bank }) => [`${HTTP}.path=/close`, `${HTTP}.port=${bank}`, `${HTTP}.interval=${OFTEN}`],
});

const OTHERS: readonly Trial[] = [
  connects("a scheme that is a URL deregisters a service from Consul", {
    tags: ({ agent }) => [
      ...[`${HTTP}.path=/`, `${HTTP}.method=PUT`, `${HTTP}.interval=${OFTEN}`],
      `${HTTP}.scheme=http://127.0.0.1:${agent}${DEREGISTER}?`,
    ],
  }),
  connects("a health check has a path that is a URL", {
    tags: ({ admin }) => [`${HTTP}.path=http://127.0.0.1:${admin}/`, `${HTTP}.interval=${OFTEN}`],
  }),
  BY_PORT,
  connects("a health check leaves the window, by gRPC", {
    tags: ({ admin }) => [`${HTTP}.mode=grpc`, `${HTTP}.port=${admin}`, `${HTTP}.interval=${OFTEN}`],
  }),
  connects("a health check leaves the window, by TCP and without bytes", {
    tags: ({ admin }) => [...TCP_ROUTER, `${TCP}.port=${admin}`, `${TCP}.interval=${OFTEN}`],
  }),
  BY_NEIGHBOUR,
  connects("redirects are asked for in so many words", {
    port: ({ guide }) => guide,
    tags: () => [`${HTTP}.path=/`, `${HTTP}.followredirects=true`, `${HTTP}.interval=${OFTEN}`],
  }),
  connects("a Redis cluster of the tenant's own leads to another's administration", {
    tags: ({ redis }) => [...LIMITED, `${LIMIT}.redis.endpoints=127.0.0.1:${redis},localhost:${redis}`],
  }),
];

/** It has no limits: what a policy does not forbid it does not open. */
const ANYTHING = "rules: [{}]\n";

export const CONNECTION_ATTACKS: readonly Trial[] = [
  ...[BY_HTTP, BY_TCP, BY_REDIRECT, BY_REDIS, ...OTHERS],
  ...[overRestart(BY_HTTP), overRestart(BY_REDIRECT)],
  ...[BY_HTTP, BY_TCP, BY_REDIS].map((attack) => underPolicy(attack, ANYTHING)),
  ...[BY_HTTP, BY_TCP, BY_REDIRECT, BY_REDIS, BY_PORT, BY_NEIGHBOUR].map(byNomad),
];
