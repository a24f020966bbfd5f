import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { until } from "../../support/await-until.ts";
import type { Stage, StagePorts } from "../../trials/stage/stage.ts";
import { hostOf, register } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";
import { byNomad, overRestart } from "../variants.ts";

const EXPOSED = "traefik.enable=true";
const PANEL = hostOf("panel");
const CLOSED = hostOf("closed");

/** The operator's own file: a router that the tenant's names would replace, one behind a password, and their services. */
function operatorsFile({ second }: Pick<StagePorts, "second">): string {
  return JSON.stringify({
    http: {
      routers: {
        panel: { rule: `Host(\`${PANEL}\`)`, service: "panel" },
        closed: { rule: `Host(\`${CLOSED}\`)`, service: "panel", middlewares: ["gate"] },
      },
      services: { panel: { loadBalancer: { servers: [{ url: `http://127.0.0.1:${second}` }] } } },
      middlewares: {
        gate: { basicAuth: { users: ["admin:$2y$05$WFpMMmEi5QgkQmpZ6wQEsOmTYn9Rm4Dyy9ZbLfRE2hXV3Xh7u9R8e"] } },
      },
    },
  });
}

function inToml({ second }: Pick<StagePorts, "second">): string {
  return [
    "[http.routers.panel]",
    `rule = "Host(\`${PANEL}\`)"`,
    'service = "panel"',
    "[http.routers.closed]",
    `rule = "Host(\`${CLOSED}\`)"`,
    'service = "panel"',
    'middlewares = ["gate"]',
    "[[http.services.panel.loadBalancer.servers]]",
    `url = "http://127.0.0.1:${second}"`,
    "[http.middlewares.gate.basicAuth]",
    'users = ["admin:$2y$05$WFpMMmEi5QgkQmpZ6wQEsOmTYn9Rm4Dyy9ZbLfRE2hXV3Xh7u9R8e"]',
  ].join("\n");
}

/** All names of the operator's, in one registration: each leads to the thief, or opens what is closed. */
const TAGS = [
  EXPOSED,
  `traefik.http.routers.panel.rule=Host(\`${hostOf("thief")}\`)`,
  "traefik.http.routers.panel.service=panel",
  "traefik.http.services.panel.loadbalancer.passhostheader=true",
  "traefik.http.middlewares.gate.headers.customrequestheaders.X-Open=yes",
  `traefik.http.routers.closed.rule=Host(\`${CLOSED}\`)`,
  "traefik.http.routers.closed.service=panel",
  "traefik.http.routers.closed.middlewares=gate",
  "traefik.http.routers.closed.priority=100000",
];

function asksForTheNames({ catalog, ports }: Stage): Promise<void> {
  return register(catalog, { service: "thief", port: ports.first, tags: TAGS });
}

/** The same in small registrations, and under the names that a service has without tags. */
async function asksInParts({ catalog, ports }: Stage): Promise<void> {
  await register(catalog, { service: "panel", port: ports.first, tags: [EXPOSED] });
  await register(catalog, { service: "closed", port: ports.first, tags: [EXPOSED] });
  await register(catalog, {
    service: "thief",
    port: ports.first,
    tags: [
      EXPOSED,
      "traefik.http.middlewares.gate.headers.customrequestheaders.X-Open=yes",
      `traefik.http.routers.thief.rule=Host(\`${hostOf("thief")}\`)`,
      "traefik.http.routers.thief.middlewares=gate",
    ],
  });
}

async function areOperators({ answers, ports }: Stage): Promise<boolean> {
  const [panel, closed] = [await answers(PANEL), await answers(CLOSED)];
  return panel.status === 200 && panel.text === String(ports.second) && closed.status === 401;
}

async function verify(stage: Stage): Promise<void> {
  await until(() => areOperators(stage), { timeoutMs: 5_000, what: "the operator's routes to be the operator's" });
  const { status } = await stage.answers(hostOf("thief"));
  if (status === 200) throw new Error("what relies on a name of the operator's is routed");
}

/** The operator's file is there first. */
function attack(
  how: string,
  file: string,
  content: typeof operatorsFile,
  begin: Trial["begin"] = asksForTheNames,
): Trial {
  return {
    name: `files beside: names of the operator's ${how}`,
    portolanOnly: true,
    stage: { files: ({ ports }) => ({ [`dynamic/${file}`]: content(ports) }) },
    begin,
    verify,
    tells: ["diagnostic.found"],
  };
}

/** The tenant is there first, with routes that are served. */
function operatorComesLater(file: string): Trial {
  return {
    name: `files beside: the operator's file ${file} comes when a service has its names`,
    portolanOnly: true,
    async begin(stage) {
      await asksForTheNames(stage);
      const isServed = async () => (await stage.answers(hostOf("thief"))).status === 200;
      await until(isServed, { timeoutMs: 5_000, what: "the service to be routed" });
      await mkdir(dirname(join(stage.watched, file)), { recursive: true });
      await writeFile(join(stage.root, "next"), operatorsFile(stage.ports));
      await rename(join(stage.root, "next"), join(stage.watched, file));
    },
    verify,
    // Four names are refused, each with a line, beside the lines of a start and of the trial's own services.
    mostLogLines: 16,
    tells: ["diagnostic.found", "route.removed"],
  };
}

const AFTER = attack("in a file that Traefik reads after the chart", "static.yml", operatorsFile);

export const FILES_BESIDE_ATTACKS: readonly Trial[] = [
  AFTER,
  overRestart(AFTER),
  byNomad(AFTER),
  attack("in a file that Traefik reads before the chart", "a-static.yml", operatorsFile),
  attack("in TOML", "static.toml", inToml),
  attack("in a directory below", "sub/nested/static.yaml", operatorsFile),
  attack("in a template", "static.yml", (ports) => `{{/* made by hand */}}\n${operatorsFile(ports)}`),
  attack("by names without tags", "static.yml", operatorsFile, asksInParts),
  operatorComesLater("static.yml"),
  operatorComesLater("a-static.yml"),
  overRestart(operatorComesLater("static.yml")),
];
