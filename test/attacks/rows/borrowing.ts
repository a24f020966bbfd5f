import { once } from "node:events";
import { connect } from "node:net";
import { until } from "../../support/await-until.ts";
import type { Ground, Stage } from "../../trials/stage/stage.ts";
import { hostOf, register } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";
import { examplePolicy } from "../example-policy.ts";
import { byNomad, overRestart, underPolicy } from "../variants.ts";

const EXPOSED = "traefik.enable=true";
const LOGIN = "admin:$2y$05$WFpMMmEi5QgkQmpZ6wQEsOmTYn9Rm4Dyy9ZbLfRE2hXV3Xh7u9R8e";

type Catalog = Stage["catalog"];

/** Services that nobody may reach without their login, or at all: each answers with the first port. */
async function registerVictims(catalog: Catalog, port: number): Promise<void> {
  await register(catalog, {
    service: "chat",
    port,
    tags: [
      EXPOSED,
      `traefik.http.routers.chat.rule=Host(\`${hostOf("chat")}\`)`,
      "traefik.http.routers.chat.service=chat-ws",
      "traefik.http.routers.chat.middlewares=chat-login",
      `traefik.http.middlewares.chat-login.basicauth.users=${LOGIN}`,
      "traefik.http.services.chat-ws.loadbalancer.passhostheader=true",
    ],
  });
  await register(catalog, {
    service: "mesh",
    port,
    tags: [
      EXPOSED,
      `traefik.http.routers.mesh.rule=Host(\`${hostOf("mesh")}\`)`,
      "traefik.http.routers.mesh.service=noop@internal",
      "traefik.http.services.envoy-admin.loadbalancer.passhostheader=true",
      "traefik.http.services.mesh-metrics.loadbalancer.passhostheader=false",
    ],
  });
  // Two databases want one entry point: the router of the second is refused.
  for (const service of ["database", "database-two"]) {
    await register(catalog, {
      service,
      port,
      tags: [
        EXPOSED,
        `traefik.tcp.routers.${service}.rule=HostSNI(\`*\`)`,
        `traefik.tcp.routers.${service}.entrypoints=db`,
      ],
    });
  }
}

/** By which names of services the thief tries to reach them, for HTTP. */
const HTTP_NAMES = [
  ...["chat-ws", "chat-ws@file", "chat-ws@consulcatalog", "envoy-admin", "envoy-admin@file", "mesh-metrics"],
  ...["intranet", "intranet@file", "privileged@file"],
];
const TCP_NAMES = ["database", "database-two", "database-two@file", "database-two@consulcatalog"];

const tried = (at: number) => hostOf(`try-${at}`);

async function registerThief(catalog: Catalog, port: number): Promise<void> {
  const http = HTTP_NAMES.flatMap((name, at) => [
    `traefik.http.routers.try-${at}.rule=Host(\`${tried(at)}\`)`,
    `traefik.http.routers.try-${at}.service=${name}`,
  ]);
  await register(catalog, { service: "thief", port, tags: [EXPOSED, ...http] });
  await register(catalog, {
    service: "thief-pages",
    port,
    tags: [
      EXPOSED,
      `traefik.http.routers.thief-pages.rule=Host(\`${hostOf("pages")}\`)`,
      "traefik.http.routers.thief-pages.middlewares=stolen",
      "traefik.http.middlewares.stolen.errors.status=100-999",
      "traefik.http.middlewares.stolen.errors.service=envoy-admin",
      "traefik.http.middlewares.stolen.errors.query=/",
    ],
  });
  // What the owner defines, once more: to have the owner's servers, or to be one of them.
  await register(catalog, {
    service: "thief-copy",
    port,
    tags: [
      EXPOSED,
      `traefik.http.routers.copy.rule=Host(\`${hostOf("copy")}\`)`,
      "traefik.http.routers.copy.service=envoy-admin",
      "traefik.http.services.envoy-admin.loadbalancer.passhostheader=true",
    ],
  });
  for (const [at, name] of TCP_NAMES.entries()) {
    await register(catalog, {
      service: `thief-tcp-${at}`,
      port,
      tags: [
        EXPOSED,
        `traefik.tcp.routers.try-${at}.rule=HostSNI(\`*\`)`,
        `traefik.tcp.routers.try-${at}.entrypoints=open-${at}`,
        `traefik.tcp.routers.try-${at}.service=${name}`,
      ],
    });
  }
}

/** What an entry point of TCP answers to a request, as far as it comes. */
async function askTcp(port: number): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  socket.on("error", () => {});
  socket.setTimeout(2_000, () => socket.destroy());
  socket.write("GET / HTTP/1.1\r\nHost: database\r\nConnection: close\r\n\r\n");
  await once(socket, "close");
  return text;
}

/** Throws where the first port answers, which is behind a login, or for nobody. */
async function expectNothingReached(stage: Stage): Promise<void> {
  const stolen = String(stage.ports.first);
  const hosts = [
    ...HTTP_NAMES.map((name, at) => [name, tried(at)]),
    ["error pages", hostOf("pages")],
    ["copy", hostOf("copy")],
  ];
  for (const [name, host = ""] of hosts) {
    const { status, text } = await stage.answers(host);
    if (text.includes(stolen)) throw new Error(`${name} was reached at ${host}: ${status} ${text}`);
  }
  for (const [at, name] of TCP_NAMES.entries()) {
    const text = await askTcp(stage.entryPoints.get(`open-${at}`) ?? 0);
    if (text.includes(stolen)) throw new Error(`${name} was reached by TCP`);
  }
  // Their own routes are as they were: a login, and a database that answers.
  const { status } = await stage.answers(hostOf("chat"));
  if (status !== 401) throw new Error(`the chat answers ${status} without a login`);
}

const operatorsFile = ({ ports }: Ground): string =>
  JSON.stringify({
    http: {
      routers: { intranet: { rule: `Host(\`${hostOf("intranet")}\`)`, service: "intranet", middlewares: ["gate"] } },
      services: { intranet: { loadBalancer: { servers: [{ url: `http://127.0.0.1:${ports.first}` }] } } },
      middlewares: { gate: { basicAuth: { users: [LOGIN] } } },
    },
  });

const fileBeside = ({ ports }: Ground): string =>
  JSON.stringify({
    http: { services: { privileged: { loadBalancer: { servers: [{ url: `http://127.0.0.1:${ports.first}` }] } } } },
  });

const STAGE = {
  entryPoints: ["db", ...TCP_NAMES.map((_, at) => `open-${at}`)],
  settings: ({ root }: Ground) => ({ snippets: `${root}/snippets` }),
  files: (ground: Ground) => ({
    "snippets/intranet.yml": operatorsFile(ground),
    "dynamic/beside.yml": fileBeside(ground),
  }),
} satisfies Trial["stage"];

/** The thief's registrations and its victims', those of one party before portolan starts. */
function byName(how: string, isThiefFirst: boolean): Trial {
  const victims = ({ catalog, ports }: Pick<Stage, "catalog" | "ports">) => registerVictims(catalog, ports.first);
  const thief = ({ catalog, ports }: Pick<Stage, "catalog" | "ports">) => registerThief(catalog, ports.second);
  return {
    name: `borrowing: ${how}`,
    portolanOnly: true,
    stage: { ...STAGE, beforeStart: isThiefFirst ? thief : victims },
    begin: isThiefFirst ? victims : thief,
    verify: expectNothingReached,
    // One for each of the thief's routers, and for the same again after a restart.
    mostLogLines: 40,
    tells: ["diagnostic.found"],
  };
}

const VICTIMS_FIRST = byName("admin ports, logins, databases, snippets and files by their names", false);
/** The thief's copy was first, so that its name is its own: what must not be is that it leads to the victim. */
const THIEF_FIRST = byName("the same by names that were waited for", true);

/** The router of a service that has left answers 503, and its service's name is another one's by then. */
const IN_GRACE: Trial = {
  name: "borrowing: by a route that outlives its service",
  portolanOnly: true,
  async begin(stage) {
    const { catalog, ports } = stage;
    const trap = [
      EXPOSED,
      `traefik.http.routers.trap.rule=Host(\`${tried(0)}\`)`,
      "traefik.http.routers.trap.service=envoy-admin",
      "traefik.http.services.envoy-admin.loadbalancer.passhostheader=true",
    ];
    await register(catalog, { service: "trap", port: ports.second, tags: trap });
    await until(async () => (await stage.answers(tried(0))).status === 200, { timeoutMs: 10_000, what: "the trap" });
    await catalog.deregister({ Node: "node-1", ServiceID: "trap" });
    await until(async () => (await stage.answers(tried(0))).status === 503, { timeoutMs: 20_000, what: "its 503" });
    await registerVictims(catalog, ports.first);
  },
  // The name is kept for its owner for 30 s, and the victim has it then.
  seconds: 35,
  async verify(stage) {
    const { status, text } = await stage.answers(tried(0));
    if (text.includes(String(stage.ports.first))) throw new Error(`the trap leads to the victim: ${status} ${text}`);
  },
  tells: ["diagnostic.found"],
};

export const BORROWING_ATTACKS: readonly Trial[] = [
  VICTIMS_FIRST,
  overRestart(VICTIMS_FIRST),
  underPolicy(VICTIMS_FIRST, examplePolicy()),
  THIEF_FIRST,
  IN_GRACE,
  ...[VICTIMS_FIRST, THIEF_FIRST, IN_GRACE].map(byNomad),
];
