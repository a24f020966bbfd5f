import { askOnce } from "../../trials/stage/innocent-probe.ts";
import type { Ground, Stage } from "../../trials/stage/stage.ts";
import { hostOf, register } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";
import { messengerPolicy } from "../example-policy.ts";
import { byNomad, overRestart, underPolicy } from "../variants.ts";

const EXPOSED = "traefik.enable=true";

type Parties = Pick<Stage, "catalog"> & Pick<Ground, "ports">;

/** What nobody reaches without a token, an address of the operators, or at all: each answers with the first port. */
async function registerVictims({ catalog, ports }: Parties): Promise<void> {
  const port = ports.first;
  await register(catalog, {
    service: "messaging-ws",
    port,
    tags: [
      EXPOSED,
      "traefik.http.routers.messaging-ws.rule=Host(`chat.test`) && PathPrefix(`/ws`)",
      "traefik.http.routers.messaging-ws.middlewares=jwt@file",
    ],
  });
  await register(catalog, {
    service: "envoy-admin",
    port,
    tags: [
      EXPOSED,
      `traefik.http.routers.envoy-admin.rule=Host(\`${hostOf("envoy")}\`)`,
      "traefik.http.routers.envoy-admin.entrypoints=admin",
      "traefik.http.routers.envoy-admin.middlewares=operators@file",
    ],
  });
  await register(catalog, {
    service: "notification-metrics",
    port,
    tags: [
      EXPOSED,
      "traefik.http.routers.notification-metrics.service=noop@internal",
      "traefik.http.services.notification-metrics.loadbalancer.passhostheader=true",
    ],
  });
}

const NAMES = ["messaging-ws", "envoy-admin", "notification-metrics"].flatMap((name) =>
  ["", "@file", "@consulcatalog", "@nomad"].map((provider) => `${name}${provider}`),
);
const tried = (name: string) => hostOf(`try-${name.replace("@", "-at-")}`);

/** One service with a router for each name, and nothing else. */
async function registerThief({ catalog, ports }: Parties): Promise<void> {
  const tags = NAMES.flatMap((name, at) => [
    `traefik.http.routers.try-${at}.rule=Host(\`${tried(name)}\`)`,
    `traefik.http.routers.try-${at}.service=${name}`,
  ]);
  await register(catalog, { service: "thief", port: ports.second, tags: [EXPOSED, ...tags] });
}

/** What the settings open, or nothing closes, but for the policy's demand: kin, an address, a WebSocket that forgets its middleware. */
const AROUND = {
  opened: ["traefik.http.routers.opened.service=messaging-ws"],
  address: ["traefik.http.services.address.loadbalancer.server.url=http://127.0.0.1:PORT"],
  "typing-ws": ["traefik.http.services.typing-ws.loadbalancer.server.url=http://127.0.0.1:PORT"],
} as const;

async function registerAround({ catalog, ports }: Parties): Promise<void> {
  for (const [service, more] of Object.entries(AROUND)) {
    const host = service === "typing-ws" ? "chat.test`) && PathPrefix(`/ws/typing" : hostOf(service);
    const tags = [EXPOSED, `traefik.http.routers.${service}.rule=Host(\`${host}\`)`, ...more];
    const own = tags.map((tag) => tag.replace("PORT", String(ports.first)));
    await register(catalog, { service, port: ports.second, tags: own });
  }
}

/** Throws where what is behind a token, an allow-list, or for nobody answers, or where the log does not tell it by these codes. */
function expectNothingReached(hosts: readonly string[], codes: readonly string[]) {
  return async (stage: Stage): Promise<void> => {
    for (const host of hosts) {
      const { status, text } = await stage.answers(host);
      if (status !== 404) throw new Error(`${host} is answered by ${status} ${text}`);
    }
    // Behind its own router it is there, and asks for the token.
    for (const path of ["/ws", "/ws/typing"]) {
      const { status, text } = await askOnce(`${stage.traefik.url}${path}`, "chat.test");
      if (status !== 401) throw new Error(`chat.test${path} is answered by ${status} ${text} without a token`);
    }
    const log = stage.logs().join("\n");
    for (const code of codes) if (!log.includes(code)) throw new Error(`the log does not tell ${code}`);
  };
}

const GUARDS = JSON.stringify({
  http: {
    middlewares: {
      jwt: { basicAuth: { users: ["admin:$2y$05$WFpMMmEi5QgkQmpZ6wQEsOmTYn9Rm4Dyy9ZbLfRE2hXV3Xh7u9R8e"] } },
      operators: { ipAllowList: { sourceRange: ["10.20.0.0/24"] } },
    },
  },
});

const STAGE = {
  entryPoints: ["admin"],
  settings: () => ({
    traefik: { defaultEntryPoints: ["web"] },
    allow: [{ service: "opened", uses: ["messaging-ws"] }],
  }),
  files: () => ({ "dynamic/guards.yml": GUARDS }),
} satisfies Trial["stage"];

const named = (how: string) => `messenger: ${how}`;

const BY_NAME: Trial = {
  name: named("its WebSocket, console and metrics by their names"),
  portolanOnly: true,
  stage: { ...STAGE, beforeStart: registerVictims },
  begin: registerThief,
  verify: expectNothingReached(NAMES.map(tried), ["USE_REFUSED"]),
  // One for each of the thief's routers, and for the same again after a restart.
  mostLogLines: 60,
  tells: ["diagnostic.found"],
};

/** Under the policy nothing leads past the demanded middlewares that is open otherwise. */
const PAST_DEMANDS: Trial = {
  ...BY_NAME,
  name: named("past the middleware that the policy demands"),
  async begin(stage) {
    await registerThief(stage);
    await registerAround(stage);
  },
  verify: expectNothingReached(
    [...NAMES.map(tried), hostOf("opened"), hostOf("address")],
    ["USE_REFUSED", "MIDDLEWARE_REQUIRED"],
  ),
};

export const MESSENGER_ATTACKS: readonly Trial[] = [
  BY_NAME,
  byNomad(BY_NAME),
  ...[PAST_DEMANDS, byNomad(PAST_DEMANDS)].map((attack) => underPolicy(attack, messengerPolicy())),
  overRestart(underPolicy(PAST_DEMANDS, messengerPolicy())),
];
