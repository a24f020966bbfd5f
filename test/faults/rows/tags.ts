import { writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../support/await-until.ts";
import { BYSTANDERS, hostOf, INNOCENT, register, tagsOf } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";

/** A service with such tags is registered and stays; it has a sound router of its own beside them unless left out. */
function offends(name: string, tags: readonly string[], own: readonly string[] = tagsOf("offender")): Trial {
  return {
    name: `tags: ${name}`,
    begin: ({ catalog, ports }) =>
      register(catalog, { service: "offender", port: ports.first, tags: [...own, ...tags] }),
    tells: ["diagnostic.found"],
  };
}

/** A canary of the innocent service arrives by the same router name, with this mark and perhaps other tags, and goes again. */
function canary(name: string, mark: string, tags: readonly string[] = tagsOf(INNOCENT)): Trial {
  const id = `${INNOCENT}-canary`;
  return {
    name: `tags: a canary ${name}`,
    begin: ({ catalog, ports }) =>
      register(catalog, { service: INNOCENT, id, port: ports.first, tags: [...tags, mark] }),
    end: ({ catalog }) => catalog.deregister({ Node: "node-1", ServiceID: id }),
    tells: ["diagnostic.found"],
  };
}

const CANARY_MARKS = { consul: "traefik.consulcatalog.canary=true", nomad: "traefik.nomad.canary=true" };

const SECRET_HEADER = "x-secret";
const TEMPLATE = '{{ env "PATH" }}';
const EXPOSED = ["traefik.enable=true"];

export const TAG_ROWS: readonly Trial[] = [
  offends("an unknown field", ["traefik.http.routers.offender.colour=red"]),
  offends("a tag that breaks parsers", ["traefik.http.routers.foo].rule=x"]),
  {
    ...offends("a template", [
      `traefik.http.middlewares.leak.headers.customresponseheaders.${SECRET_HEADER}=${TEMPLATE}`,
      "traefik.http.routers.offender.middlewares=leak",
    ]),
    async verify({ answers }) {
      const { headers } = await answers(hostOf("offender"));
      if (headers[SECRET_HEADER] !== TEMPLATE) throw new Error(`the template came out as ${headers[SECRET_HEADER]}`);
    },
    tells: [],
  },
  offends("a router's name is taken", [`traefik.http.routers.${INNOCENT}.rule=Host(\`${hostOf("offender")}\`)`]),
  offends(
    "a host is taken with a higher priority",
    [`traefik.http.routers.thief.rule=Host(\`${hostOf(INNOCENT)}\`)`, "traefik.http.routers.thief.priority=100000"],
    EXPOSED,
  ),
  offends(
    "a host is taken by HostRegexp",
    ["traefik.http.routers.thief.rule=HostRegexp(`.+`)", "traefik.http.routers.thief.priority=100000"],
    EXPOSED,
  ),
  {
    ...offends("a middleware is redefined", ["traefik.http.middlewares.polite.redirectscheme.scheme=ftp"]),
    stage: {
      moreTags: [
        "traefik.http.middlewares.polite.headers.customresponseheaders.X-Polite=yes",
        `traefik.http.routers.${INNOCENT}.middlewares=polite`,
      ],
    },
  },
  canary("with the tags of production, by Consul's mark", CANARY_MARKS.consul),
  canary("with the tags of production, by Nomad's mark", CANARY_MARKS.nomad),
  canary("that moves the router to another host", CANARY_MARKS.consul, [
    ...EXPOSED,
    `traefik.http.routers.${INNOCENT}.rule=Host(\`${hostOf("canary")}\`)`,
  ]),
  {
    name: "tags: a rolling deploy with other tags",
    alsoRight: ({ ports }) => [ports.first],
    async begin({ catalog, ports }) {
      const tags = [...tagsOf(INNOCENT), `traefik.http.routers.${INNOCENT}.priority=7`];
      await register(catalog, { service: INNOCENT, id: `${INNOCENT}-2`, port: ports.first, tags });
    },
    end: ({ catalog }) => catalog.deregister({ Node: "node-1", ServiceID: INNOCENT }),
    async verify({ answers, ports }) {
      const isNew = async () => (await answers(hostOf(INNOCENT))).text === String(ports.first);
      await until(isNew, { timeoutMs: 2_000, what: "the new version alone to answer" });
    },
    tells: [],
  },
  {
    name: "tags: only the port changes",
    alsoRight: ({ ports }) => [ports.first],
    begin: ({ catalog, ports }) =>
      catalog.register({
        Node: "node-1",
        Address: "127.0.0.1",
        Service: { ID: INNOCENT, Service: INNOCENT, Port: ports.first, Tags: tagsOf(INNOCENT) },
      }),
    async verify({ answers, ports }) {
      const { text } = await answers(hostOf(INNOCENT));
      if (text !== String(ports.first)) throw new Error("the old port is still asked");
    },
    tells: ["route.servers"],
  },
  {
    name: "tags: every instance is unhealthy",
    async begin({ catalog, ports, answers }) {
      await register(catalog, { service: "offender", port: ports.first });
      const isRouted = async () => (await answers(hostOf("offender"))).status === 200;
      await until(isRouted, { timeoutMs: 5_000, what: "the offender to be routed" });
      await register(catalog, { service: "offender", port: ports.first, status: "critical" });
    },
    async verify({ answers }) {
      const { status } = await answers(hostOf("offender"));
      if (status !== 503) throw new Error(`the unhealthy service is answered ${status}`);
    },
    tells: ["route.emptied"],
  },
  {
    name: "tags: a neighbour flaps",
    portolanOnly: true,
    async begin({ catalog, ports, settingsFile, portolan, answers }) {
      await writeFile(settingsFile, JSON.stringify({ routes: { flapping: { perMinute: 2, every: "5s" } } }));
      portolan.kill("SIGHUP");
      await until(() => portolan.log().includes("settings.reloaded"), { timeoutMs: 2_000, what: "the settings" });
      const flapper = { service: "flapper", port: ports.first };
      await register(catalog, flapper);
      const isRouted = async () => (await answers(hostOf("flapper"))).status === 200;
      await until(isRouted, { timeoutMs: 5_000, what: "the neighbour to be routed" });
      for (let flap = 0; flap < 12; flap += 1) {
        for (const status of ["critical", "passing"] as const) {
          await register(catalog, { ...flapper, status });
          await sleep(250);
        }
      }
    },
    async verify({ portolan, answers }) {
      const returns = portolan
        .events()
        .filter(({ event, router }) => event === "route.restored" && router === "flapper");
      if (returns.length > 4) throw new Error(`the neighbour came back ${returns.length} times`);
      const isBack = async () => (await answers(hostOf("flapper"))).status === 200;
      await until(isBack, { timeoutMs: 7_000, what: "the neighbour to be back" });
    },
    tells: ["diagnostic.found"],
  },
  {
    name: "tags: two thirds of the nodes are gone for a while",
    stage: { node: nodeOf },
    async begin({ catalog }) {
      for (const node of ["node-2", "node-3"]) await catalog.deregister({ Node: node });
    },
    async end({ catalog, ports }) {
      for (const service of BYSTANDERS) {
        await register(catalog, { service, node: nodeOf(service), port: ports.others });
      }
    },
    tells: ["chart.held", "chart.released"],
  },
];

/** A third of the bystanders shares the innocent service's node. */
function nodeOf(service: string): string {
  return `node-${1 + (Math.max(0, BYSTANDERS.indexOf(service)) % 3)}`;
}
