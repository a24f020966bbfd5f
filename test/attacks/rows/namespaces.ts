import type { Stage } from "../../trials/stage/stage.ts";
import { hostOf, INNOCENT, register, tagsOf } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";
import { byNomad, overRestart } from "../variants.ts";

const OTHER = "staging";
const EXPOSED = "traefik.enable=true";
const ALL_NAMESPACES = { nomad: { namespace: "*" } };

/** Jobs of another namespace, of which portolan reads all, take what is the innocent service's. */
function fromAnotherNamespace(how: string, jobs: (stage: Stage) => Promise<void>): Trial {
  return byNomad({
    name: `namespaces: ${how}`,
    portolanOnly: true,
    stage: { settings: () => ALL_NAMESPACES },
    begin: jobs,
    tells: ["diagnostic.found"],
  });
}

const COPIED = fromAnotherNamespace("the innocent service is copied tag by tag", ({ catalog, ports }) =>
  register(catalog, { service: INNOCENT, namespace: OTHER, port: ports.first, tags: tagsOf(INNOCENT) }),
);

const NAMED = fromAnotherNamespace("its name means something else", ({ catalog, ports }) =>
  register(catalog, {
    service: INNOCENT,
    namespace: OTHER,
    port: ports.first,
    tags: [
      EXPOSED,
      `traefik.http.routers.${INNOCENT}.rule=Host(\`${hostOf(INNOCENT)}\`) && PathPrefix(\`/\`)`,
      `traefik.http.routers.${INNOCENT}.priority=100000`,
    ],
  }),
);

/** What settings and ledger open to a service by its name alone is not its namesake's. */
const OPENED: Trial = {
  ...fromAnotherNamespace("what allow and the ledger open to a service by its name", async ({ catalog, ports }) => {
    await register(catalog, {
      service: "trusted",
      namespace: OTHER,
      port: ports.first,
      tags: [
        EXPOSED,
        `traefik.http.routers.opened.rule=Host(\`${hostOf("opened")}\`)`,
        "traefik.http.routers.opened.service=privileged@file",
        `traefik.http.routers.planned.rule=Host(\`${hostOf("planned")}\`)`,
        "traefik.http.routers.planned.service=planned",
        "traefik.http.services.planned.loadbalancer.server.port=9400",
      ],
    });
  }),
  async verify(stage) {
    for (const host of ["opened", "planned"]) {
      const { status, text } = await stage.answers(hostOf(host));
      if (status !== 404) throw new Error(`${host} is answered ${status} ${text}`);
    }
  },
};

export const NAMESPACE_ATTACKS: readonly Trial[] = [
  COPIED,
  overRestart(COPIED),
  NAMED,
  {
    ...OPENED,
    stage: {
      ...OPENED.stage,
      settings: () => ({
        ...ALL_NAMESPACES,
        allow: [{ service: "trusted", uses: ["privileged@file"] }],
        ports: { exceptions: [{ service: "trusted", ports: "9400", purpose: "the one in the default namespace" }] },
      }),
      files: ({ ports }) => ({
        "dynamic/beside.yml": JSON.stringify({
          http: {
            services: { privileged: { loadBalancer: { servers: [{ url: `http://127.0.0.1:${ports.second}` }] } } },
          },
        }),
      }),
    },
  },
];
