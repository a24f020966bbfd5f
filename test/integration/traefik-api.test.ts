import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { parseChart } from "../../src/core/traefik/chart/parse-chart.ts";
import { diagnoseTaking } from "../../src/core/traefik-result/diagnose-taking.ts";
import { createCatalog, startCatalogServer } from "../../src/simulator/simulator.ts";
import { createChartReader } from "../../src/traefik-api/chart-reader.ts";
import { lastPublication } from "../../src/traefik-api/last-publication.ts";
import { openTraefikApi } from "../../src/traefik-api/open-traefik-api.ts";
import { endHere } from "../cli/in-process.ts";
import { recordCredentials } from "../fakes/recording-credentials.ts";
import { until } from "../support/await-until.ts";
import { type CatalogClient, createCatalogClient } from "../support/catalog-client.ts";
import { freePorts } from "../support/free-port.ts";
import { type PortolanProcess, runPortolan, startPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { fileProvider, type RealTraefik, startRealTraefik } from "../support/real-traefik.ts";
import { ask, createSite, type Site } from "./site.ts";

const traefikTool = await findTool("traefik");

const PASSWORD = "right-and-s3cret";
const HASH = `{SHA}${createHash("sha1").update(PASSWORD).digest("base64")}`;

/** Traefik's API for whoever has the password, as an operator writes it beside the chart. */
const API_ROUTER = `http:
  routers: { api: { rule: PathPrefix(\`/api\`), entryPoints: [secure], service: api@internal, middlewares: [door] } }
  middlewares: { door: { basicAuth: { users: ["ann:${HASH}"] } } }
`;

describe.skipIf(traefikTool === undefined)("a portolan that asks a real Traefik's API", () => {
  let site: Site;
  let catalog: Awaited<ReturnType<typeof startCatalogServer>>;
  let client: CatalogClient;
  let traefik: RealTraefik;
  let portolan: PortolanProcess;
  let passwordFile: string;

  beforeAll(async () => {
    site = await createSite();
    catalog = await startCatalogServer({ catalog: createCatalog() });
    client = createCatalogClient(catalog.url);
    const [secure] = await freePorts(1);
    const api = `http://127.0.0.1:${secure}`;
    await writeFile(join(site.watched, "api.yml"), API_ROUTER);
    const resolver = "--certificatesResolvers.letsencrypt.acme";
    traefik = await startRealTraefik(traefikTool!, {
      args: [
        ...fileProvider(site.watched),
        `--entryPoints.secure.address=127.0.0.1:${secure}`,
        ...[`${resolver}.email=a@example.org`, `${resolver}.storage=${site.watched}/../acme.json`],
        ...[`${resolver}.tlsChallenge=true`, `${resolver}.caServer=http://127.0.0.1:9/`],
      ],
      directories: [site.watched],
    });
    await register("good", "rule=Host(`good.test`)", "entrypoints=web");
    passwordFile = join(site.stateDir, "..", "password");
    await writeFile(passwordFile, "wrong-and-s3cret\n");
    const settings = await site.settings(
      `traefik: { api: { address: ${api}, user: ann, passwordFile: ${JSON.stringify(passwordFile)} } }`,
    );
    portolan = await startPortolan(["--consul-addr", catalog.url, ...places(), "--settings", settings]);
  });
  afterAll(async () => {
    await portolan.stop();
    await traefik.stop();
    await catalog.close();
    await site.remove();
  });

  function places(output = site.chart, stateDir = site.stateDir): readonly string[] {
    return ["--output", output, "--state-dir", stateDir];
  }

  async function register(service: string, ...tags: readonly string[]): Promise<void> {
    await client.register({
      Node: "node-1",
      Address: "127.0.0.1",
      Service: {
        ID: service,
        Service: service,
        Port: site.backendPort,
        Tags: ["traefik.enable=true", ...tags.map((tag) => `traefik.http.routers.${service}.${tag}`)],
      },
    });
  }

  type Logged = Readonly<Record<string, unknown>> & { readonly message?: string; readonly msg?: string };
  const logged = (event: string, about = "", timeoutMs = 20_000): Promise<Logged> =>
    until(
      () =>
        portolan.events().findLast((one) => one["event"] === event && JSON.stringify(one).includes(about)) as Logged,
      { timeoutMs, what: `${event} about ${about}; ${portolan.log().slice(-2_000)}` },
    );
  const status = async () =>
    (await (await fetch(`${portolan.url}/v1/status`)).json()) as {
      readonly ready: boolean;
      readonly reasons: readonly string[];
      readonly chart: { readonly diagnostics: readonly { readonly code: string; readonly count: number }[] };
    };
  const stateOf = async (router: string) => {
    const answer = await fetch(`${portolan.url}/v1/routes?router=${router}`);
    const { routes } = (await answer.json()) as { readonly routes: readonly { readonly state: string }[] };
    return routes[0]?.state;
  };

  test("is refused with a wrong password, says the remedy, and reads it when the file has the right one", async () => {
    const { msg } = await logged("traefik.unread", "E_TRAEFIK_API_DENIED");
    expect(msg).toContain('refuses the user "ann" with its password (status 401)');
    expect((await status()).ready).toBe(true);
    await writeFile(passwordFile, `${PASSWORD}\n`);
    await logged("traefik.read");
    expect((await status()).reasons).toEqual([]);
    expect(portolan.log()).not.toMatch(/s3cret|\{SHA\}/);
  });

  test("finds an entry point and a certificate resolver that Traefik does not have, and the tags that it prints put them right", async () => {
    await register("elsewhere", "rule=Host(`elsewhere.test`)", "entrypoints=webb");
    const entryPoint = await logged("diagnostic.found", "TRAEFIK_ENTRYPOINT_UNKNOWN");
    expect(await stateOf("elsewhere")).toBe("disabled");
    // One service must not take the edge out of a load balancer.
    const { ready, reasons, chart } = await status();
    expect([ready, reasons]).toEqual([true, [expect.stringContaining("Traefik has disabled 1 router")]]);
    expect(chart.diagnostics).toContainEqual({ code: "TRAEFIK_ENTRYPOINT_UNKNOWN", severity: "error", count: 1 });
    const explained = await endHere(["explain", "elsewhere", "--listen", new URL(portolan.url).host]);
    expect(explained.stdout).toContain("is in the chart, and Traefik does not serve it");
    expect((await ask(traefik.url, "elsewhere.test")).status).toBe(404);

    await register("sealed", "rule=Host(`sealed.test`)", "entrypoints=web", "tls.certresolver=lets");
    const resolver = await logged("diagnostic.found", "TRAEFIK_RESOLVER_UNKNOWN");

    const tagIn = ({ msg = "" }: Logged) => /traefik\.http\.routers\.\w+\.(\S+=[^;\s]+)/.exec(msg)?.[1] ?? "";
    expect([tagIn(entryPoint), tagIn(resolver)]).toEqual(["entrypoints=web", "tls.certresolver=letsencrypt"]);
    await register("elsewhere", "rule=Host(`elsewhere.test`)", tagIn(entryPoint));
    await register("sealed", "rule=Host(`sealed.test`)", "entrypoints=web", tagIn(resolver));
    await logged("diagnostic.cleared", "TRAEFIK_ENTRYPOINT_UNKNOWN");
    await logged("diagnostic.cleared", "TRAEFIK_RESOLVER_UNKNOWN");
    expect((await ask(traefik.url, "elsewhere.test")).status).toBe(200);
    expect(await stateOf("elsewhere")).toBe("live");
  });

  test("is not ready while a file beside the chart keeps news from Traefik, and is when that file is right", async () => {
    const broken = join(site.watched, "zz-broken.yml");
    await writeFile(broken, "http: { routers: { x: { rul: y } } }\n");
    await register("late", "rule=Host(`late.test`)", "entrypoints=web");
    const { msg } = await logged("traefik.untaken");
    expect(msg).toContain("goes on with an earlier chart");
    expect(msg).toContain(`look into Traefik's log for a file in ${site.watched} that it refuses`);
    expect(await stateOf("late")).not.toBe(undefined);
    expect((await fetch(`${portolan.url}/readyz`)).status).toBe(503);
    expect(await (await fetch(`${portolan.url}/metrics`)).text()).toContain('portolan_traefik_taken{edge="main"} 0');
    await rm(broken);
    await logged("traefik.taken");
    expect((await ask(traefik.url, "late.test")).status).toBe(200);
    expect((await fetch(`${portolan.url}/readyz`)).status).toBe(200);
  });

  test("says when the API is away and when it is back, and stays ready", async () => {
    await traefik.kill("SIGKILL");
    await register("meanwhile", "rule=Host(`meanwhile.test`)", "entrypoints=web");
    await logged("traefik.unread", "E_TRAEFIK_API_UNREACHABLE");
    expect((await fetch(`${portolan.url}/readyz`)).status).toBe(200);
    const reads = () => portolan.events().filter(({ event }) => event === "traefik.read").length;
    const before = reads();
    await traefik.restart();
    await until(() => reads() > before, { timeoutMs: 40_000, what: `it to be read; ${portolan.log().slice(-1_000)}` });
    expect((await ask(traefik.url, "meanwhile.test")).status).toBe(200);
  });

  test("the chart is the same, whatever the API says", async () => {
    const other = await createSite();
    await runPortolan(["once", "--consul-addr", catalog.url, ...places(other.chart, other.stateDir)]);
    expect(await other.chartText()).toBe(await site.chartText());
    await other.remove();
  });

  test("sees a file taken when visitors are answered by it, and not before", async () => {
    const api = openTraefikApi({ address: traefik.apiUrl }, { clock: systemClock, reporter: recordCredentials() });
    const publication = lastPublication(api);
    const { signal } = new AbortController();
    publication.charted(parseChart(await readFile(site.chart, "utf8"))!);
    await register("soon", "rule=Host(`soon.test`)", "entrypoints=web");
    const after = await until(
      async () => {
        const text = await readFile(site.chart, "utf8");
        return text.includes("soon.test") ? parseChart(text) : undefined;
      },
      { timeoutMs: 10_000, what: "soon in the chart" },
    );
    publication.charted(after);
    await until(() => publication.isTaken(signal), { timeoutMs: 10_000, what: "the file to be taken" });
    expect((await ask(traefik.url, "soon.test")).status).toBe(200);
    // What Traefik was not given it does not have.
    publication.charted({
      ...after,
      "http/services": new Map([["never", { loadBalancer: { servers: [{ url: "http://127.0.0.1:24000" }] } }]]),
    });
    expect(await publication.isTaken(signal)).toBe(false);
    api.close();
  });

  test("of a Traefik that has no file provider it says so, with the lines that give it one", async () => {
    const other = await startRealTraefik(traefikTool!, { args: ["--providers.http.endpoint=http://127.0.0.1:9/"] });
    const none = await startRealTraefik(traefikTool!, { args: [] });
    const config = parseChart(await site.chartText());
    if (config === undefined) throw new Error("the chart cannot be read");
    for (const [{ apiUrl }, cause] of [
      [none, "it has no file provider, but no provider at all"],
      [other, "it has not loaded the chart in the time that it takes"],
    ] as const) {
      const api = openTraefikApi({ address: apiUrl }, { clock: systemClock, reporter: recordCredentials() });
      let nowMs = 0;
      const reader = createChartReader({ api, nowMs: () => (nowMs += 60_000) });
      const { signal } = new AbortController();
      const result = await reader.look({ config, publishedAtMs: 0 }, signal);
      expect(result.taking.kind).toBe("nothing");
      const [found] = diagnoseTaking({ result, output: site.chart });
      expect(found?.message).toContain(cause);
      if (cause.includes("no provider at all")) {
        expect(found?.remedy).toContain(
          `providers: { file: { directory: ${JSON.stringify(site.watched)}, watch: true } }`,
        );
      }
      api.close();
    }
    await Promise.all([other.stop(), none.stop()]);
  });
});
