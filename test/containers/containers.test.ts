import { request } from "node:http";
import { text } from "node:stream/consumers";
import { getContainerRuntimeClient, type StartedTestContainer } from "testcontainers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Bill } from "../../deploy/sbom/bill.ts";
import { until } from "../support/await-until.ts";
import { freePorts } from "../support/free-port.ts";
import { IMAGES } from "../support/real-binaries.ts";
import { onLoopback } from "../support/real-consul.ts";
import { type Berth, berth, ON_HOST_NETWORK } from "./berth.ts";
import { type Harbour, inspect, openHarbour } from "./harbour.ts";
import { buildImage, IMAGE } from "./image.ts";

/** A user and group of no image, as which Traefik runs where it is not root. */
const TRAEFIK = 65_532;
const OF_PORTOLAN = 1_000;

const imageOf = (name: "consul" | "traefik") => {
  const { variable = "", pinned = "" } = IMAGES[name] ?? {};
  return process.env[variable] ?? pinned;
};

let harbour: Harbour;
let at: Readonly<Record<"consul" | "portolan" | "traefik" | "backend", Berth>>;
let consul: StartedTestContainer;
let portolan: StartedTestContainer;
let traefik: StartedTestContainer;

beforeAll(async () => {
  harbour = await openHarbour();
  await buildImage();
  at = {
    consul: await berth("consul", 8_500),
    portolan: await berth("portolan", 9_532),
    traefik: await berth("traefik", 8_000),
    backend: await berth("backend", 24_563),
  };
  const answer = `require("http").createServer((_, answer) => answer.end("from a container")).listen(${at.backend.port}, "${at.backend.listensOn}", () => console.log("listens"))`;
  await harbour.start(at.backend, IMAGE, { entrypoint: ["node"], command: ["-e", answer] });
  consul = await harbour.start(at.consul, imageOf("consul"), { command: await consulCommand() });
  await until(async () => (await register("windmill")).ok, { timeoutMs: 30_000, what: "Consul to take a service" });

  // Portolan first: a new volume takes over the owner and mode of the first image's directory.
  const chart = harbour.volume("chart");
  portolan = await harbour.start(at.portolan, IMAGE, {
    isConfined: true,
    volumes: { [chart]: "/chart", [harbour.volume("state")]: "/var/lib/portolan" },
    command: [
      "run",
      ...["--consul-addr", `http://${at.consul.host}:${at.consul.port}`],
      // Where the volumes are, the image's own settings say. The image's health check asks there.
      ...["--listen", `${at.portolan.listensOn}:9532`, "--log-format", "json"],
    ],
  });
  traefik = await harbour.start(at.traefik, imageOf("traefik"), {
    user: `${TRAEFIK}:${OF_PORTOLAN}`,
    volumes: { [chart]: "/chart:ro" },
    command: [
      `--entryPoints.web.address=${at.traefik.listensOn}:${at.traefik.port}`,
      ...[
        "--providers.file.directory=/chart",
        "--providers.file.watch=true",
        "--providers.providersThrottleDuration=10ms",
      ],
      ...["--log.level=INFO", "--global.checkNewVersion=false", "--global.sendAnonymousUsage=false"],
    ],
  });
}, 600_000);
afterAll(() => harbour.close(), 120_000);

async function consulCommand(): Promise<readonly string[]> {
  if (!ON_HOST_NETWORK) return ["agent", "-dev", "-client=0.0.0.0"];
  return ["agent", "-dev", ...onLoopback("consul-server", [at.consul.port, ...(await freePorts(3))])];
}

function register(name: string): Promise<Response> {
  const service = {
    Name: name,
    Address: at.backend.host,
    Port: at.backend.port,
    Tags: ["traefik.enable=true", `traefik.http.routers.${name}.rule=Host(\`${name}.test\`)`],
  };
  const url = `${at.consul.url(consul)}/v1/agent/service/register`;
  return fetch(url, { method: "PUT", body: JSON.stringify(service) });
}

/** Status and body of Traefik's answer for a host. */
async function ask(host: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    request(at.traefik.url(traefik), { headers: { Host: host }, agent: false }, (answer) => {
      text(answer).then((body) => resolve(`${answer.statusCode} ${body.trim()}`), reject);
    })
      .once("error", reject)
      .end();
  });
}

const answers = (host: string) =>
  until(async () => (await ask(host).catch(() => "")) === "200 from a container", {
    timeoutMs: 30_000,
    what: `Traefik to answer for ${host}`,
  });

async function inPortolan(...command: readonly string[]): Promise<string> {
  const { exitCode, output } = await portolan.exec([...command]);
  expect(exitCode, output).toBe(0);
  return output.trim();
}

describe("the image", () => {
  test("has at most 250 MB", async () => {
    const { dockerode } = (await getContainerRuntimeClient()).container;
    const { Size } = await dockerode.getImage(IMAGE).inspect();
    expect(Size).toBeLessThanOrEqual(250_000_000);
  });

  test("keeps nothing of its build: no npm, no compiler, no argument", async () => {
    const { dockerode } = (await getContainerRuntimeClient()).container;
    const history = JSON.stringify(await dockerode.getImage(IMAGE).history());
    expect(history).not.toMatch(/NPM_CONFIG_REGISTRY|npm ci/);
    expect(await inPortolan("ls", "/app", "/usr/local/bin")).not.toMatch(
      /\b(?:node_modules|npm|npx|typescript|vitest)\b/,
    );
  });

  test("tells what it is made of: portolan, its libraries, and the Node that runs in it", async () => {
    const bill = JSON.parse(await inPortolan("cat", "/app/sbom.cdx.json")) as Bill;
    expect(bill.metadata.component.version).toBe(await inPortolan("portolan", "version"));
    const node = bill.components.find(({ type }) => type === "platform");
    expect(`v${node?.version}`).toBe(await inPortolan("node", "--version"));
    const notices = await inPortolan("cat", "/app/dist/licences.txt");
    const bundled = [...notices.matchAll(/^(\S+) \d+\.\d+\.\d+: /gm)].map(([, name]) => name);
    expect(bundled.length).toBeGreaterThan(10);
    const named = bill.components.map(({ name }) => name);
    expect(named).toEqual(expect.arrayContaining(bundled));
  });

  test("has portolan on its PATH, and is not root", async () => {
    expect(await inPortolan("portolan", "version")).toMatch(/^\d+\.\d+\.\d+/);
    expect(await inPortolan("id", "-u")).toBe(String(OF_PORTOLAN));
    // Node is the first process, with the flags of the program's first line: it gets the engine's signals.
    expect(await inPortolan("cat", "/proc/1/cmdline")).toMatch(
      /^node\0--max-semi-space-size=4\0--max-old-space-size-percentage=50\0/,
    );
  });
});

describe("Consul, portolan and Traefik, each in a container", () => {
  test("a service that registers gets its route, and one that comes later, too", async () => {
    await answers("windmill.test");
    const writtenMs = Number(await inPortolan("stat", "-c", "%.3Y", "/chart/portolan.yml")) * 1_000;
    const startedMs = Date.parse((await inspect(portolan)).State.StartedAt);
    console.log(`container start to the first file: ${Math.round(writtenMs - startedMs)} ms`);
    expect((await register("weather")).ok).toBe(true);
    await answers("weather.test");
    expect(await ask("unknown.test")).toMatch(/^404 /);
  });

  test("the chart's volume has the image's mode, so that Traefik's group reads it and Traefik cannot write", async () => {
    expect(await inPortolan("stat", "-c", "%a %u %g", "/chart")).toBe(`2750 ${OF_PORTOLAN} ${OF_PORTOLAN}`);
    expect(await inPortolan("stat", "-c", "%a %u %g", "/chart/portolan.yml")).toBe(`640 ${OF_PORTOLAN} ${OF_PORTOLAN}`);
  });

  test("orders reach the one that runs by docker exec", async () => {
    expect(await inPortolan("portolan", "release")).toContain("nothing is held");
    expect(await inPortolan("portolan", "rollback")).toContain("windmill");
  });

  test("a restart keeps every route, with Consul away as well", async () => {
    await consul.stop({ remove: false, timeout: 5_000 });
    await portolan.restart();
    const ready = async () => (await inPortolan("cat", "/chart/portolan.yml")).includes("windmill.test");
    await until(ready, { timeoutMs: 20_000, what: "the chart after the restart" });
    for (const host of ["windmill.test", "weather.test"]) expect(await ask(host)).toBe("200 from a container");
  });

  test("the engine finds it healthy", async () => {
    const health = async () => (await inspect(portolan)).State.Health?.Status;
    await until(async () => (await health()) === "healthy", { timeoutMs: 60_000, what: "the container to be healthy" });
  });

  test("SIGTERM ends it well, and the routes stay", async () => {
    await portolan.stop({ remove: false, timeout: 10_000 });
    expect((await inspect(portolan)).State).toMatchObject({ Running: false, ExitCode: 0 });
    expect(await ask("windmill.test")).toBe("200 from a container");
  });
});
