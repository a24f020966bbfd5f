import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { splitCanaries } from "../../src/core/traefik/chart/canary-split.ts";
import {
  type ConfigObject,
  type ConfigValue,
  configFrom,
  type DynamicConfig,
} from "../../src/core/traefik/chart/dynamic-config.ts";
import { CHART_HEADER } from "../../src/core/traefik/chart/render.ts";
import { compareBytes } from "../../src/go/byte-order.ts";
import { createChartReader } from "../../src/traefik-api/chart-reader.ts";
import { openTraefikApi } from "../../src/traefik-api/open-traefik-api.ts";
import { readCases } from "../golden/case-file.ts";
import { playCase } from "../golden/play.ts";
import { until } from "../support/await-until.ts";
import { writeDefaultCertificate } from "../support/default-certificate.ts";
import { freePorts } from "../support/free-port.ts";
import { findTool } from "../support/real-binaries.ts";
import { fileProvider, type RealTraefik, startRealTraefik } from "../support/real-traefik.ts";
import { everyField } from "./every-field.ts";
import { entryPointsOf, type OperatorsFile, operatorsFileFor } from "./operators-side.ts";

const EMPTY_CHART = `${CHART_HEADER}\n`;

/** The cases for the Traefik of test/tools, without those that repeat a mistake of its own provider on purpose. */
const cases = readCases().filter(({ settings = {} }) => {
  return !JSON.stringify(settings).includes('"3.7"') && settings["compat"] !== "traefik";
});
const played = cases.map((golden) => ({ golden, ...playCase(golden) }));
const traefikTool = await findTool("traefik");

/** What Traefik's API lists by name, under the paths that are our sections. */
const LISTED = ["http/services", "http/routers", "tcp/routers", "udp/routers"] as const;
type Listed = (typeof LISTED)[number];

interface RawData {
  readonly routers?: Readonly<Record<string, RawRouter>>;
  readonly services?: Readonly<Record<string, { readonly loadBalancer?: { readonly servers?: readonly RawServer[] } }>>;
  readonly middlewares?: Readonly<Record<string, { readonly headers?: RawHeaders }>>;
  readonly tcpRouters?: Readonly<Record<string, Pick<RawRouter, "status">>>;
  readonly udpRouters?: Readonly<Record<string, Pick<RawRouter, "status">>>;
}
interface RawRouter {
  readonly rule: string;
  readonly service: string;
  readonly status: string;
  readonly error?: readonly string[];
}
interface RawServer {
  readonly url: string;
}
interface RawHeaders {
  readonly customRequestHeaders: Readonly<Record<string, string>>;
}

/** What Traefik has against a router, rightly: no file brings names of other providers, and one policy gives its consent. */
function problemOf(
  golden: string,
  router: ConfigObject,
): { readonly status: string; readonly says: string } | undefined {
  if (JSON.stringify(router).includes("@docker")) return { status: "disabled", says: "does not exist" };
  return golden === "653-tls-of-a-host-by-policy"
    ? { status: "warning", says: "found different TLS options" }
    : undefined;
}

describe.skipIf(traefikTool === undefined)("a real Traefik with the file provider", () => {
  let traefik: RealTraefik;
  let root: string;
  let watched: string;
  let marks = 0;
  let operators: OperatorsFile = { text: "{}\n", services: new Set() };

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "portolan-golden-"));
    watched = await mkdtemp(join(root, "dynamic-"));
    await writeDefaultCertificate(watched, root);
    await publish("operator.yml", operators.text);
    await publish("portolan.yml", EMPTY_CHART);
    if (traefikTool === undefined) throw new Error("no traefik");
    // Those that the cases name, beside `web` and `traefik`.
    const named = [...entryPointsOf(played.map(({ chart }) => chart))].filter(
      ([name]) => !["web", "traefik"].includes(name),
    );
    const ports = await freePorts(named.length);
    const entryPoints = named.map(
      ([name, protocol], at) => `--entryPoints.${name}.address=127.0.0.1:${ports[at]}/${protocol}`,
    );
    traefik = await startRealTraefik(traefikTool, {
      args: [...fileProvider(watched), ...entryPoints],
      directories: [watched],
      // What it sends at DEBUG is the whole configuration each time, and every line is looked through again for each case.
      logLevel: "ERROR",
    });
  });

  afterAll(async () => {
    await traefik.stop();
    await rm(root, { recursive: true, force: true });
  });

  async function publish(file: string, text: string): Promise<void> {
    await writeFile(join(root, "staged"), text);
    await rename(join(root, "staged"), join(watched, file));
  }

  /** The names of the file's routers or services as the API lists them, sorted. */
  async function namesOf(section: Listed): Promise<readonly string[]> {
    const response = await fetch(`${traefik.apiUrl}/api/${section}?per_page=1000`);
    const listed = (await response.json()) as readonly { readonly name: string; readonly provider: string }[];
    return listed
      .filter(({ provider, name }) => provider === "file" && !operators.services.has(name))
      .map(({ name }) => name)
      .sort(compareBytes);
  }

  async function rawData(): Promise<RawData> {
    return (await (await fetch(`${traefik.apiUrl}/api/rawdata`)).json()) as RawData;
  }

  /** Waits until Traefik has what was published before: it reads the whole directory at each change, this file's included. */
  async function awaitTaken(): Promise<void> {
    marks += 1;
    const mark = `mark-${marks}`;
    await publish("mark.yml", JSON.stringify({ http: { middlewares: { [mark]: { compress: {} } } } }));
    const isThere = async () => (await fetch(`${traefik.apiUrl}/api/http/middlewares/${mark}@file`)).ok;
    await until(isThere, { timeoutMs: 5_000, what: `Traefik to read the directory; ${complaints().join("\n")}` });
  }

  /** Everything of level error except for a build without the dashboard's pages, and what certificates need: resolvers ask the internet. */
  function complaints(): readonly string[] {
    return traefik
      .logLines()
      .filter(
        (line) =>
          /"level":"(error|fatal|panic)"/.test(line) &&
          !/dashboard|unable to find certificate|nonexistent certificate resolver/.test(line),
      );
  }

  /** Loads a chart from an empty one, so that none meets the operator's file of another. */
  async function load(text: string, chart: DynamicConfig): Promise<RawData> {
    await publish("portolan.yml", EMPTY_CHART);
    const { text: before } = operators;
    operators = operatorsFileFor(chart);
    if (operators.text !== before) {
      await publish("operator.yml", operators.text);
      // Traefik reads one file after the other: without this it may read the operator's old file and then the new chart.
      await awaitTaken();
    }
    await publish("portolan.yml", text);
    await awaitTaken();
    const written = splitCanaries(chart);
    for (const section of LISTED) {
      const expected = [...written[section].keys()].map((name) => `${name}@file`).sort(compareBytes);
      expect(await namesOf(section), `${section}; ${complaints().join("\n")}`).toEqual(expected);
    }
    expect(await strangeness(chart)).toEqual([]);
    return rawData();
  }

  /** What of the chart Traefik's API shows otherwise than it is charted; what it has disabled is another matter. */
  async function strangeness(chart: DynamicConfig): Promise<readonly unknown[]> {
    const reporter = { credentialsRenewed() {}, credentialsWarned() {} };
    const api = openTraefikApi({ address: traefik.apiUrl }, { clock: systemClock, reporter });
    // So late that what is not there yet never will be.
    let nowMs = 0;
    const reader = createChartReader({ api, nowMs: () => (nowMs += 60_000) });
    const { signal } = new AbortController();
    await reader.look({ config: chart, publishedAtMs: 0 }, signal);
    const { flaws, taking } = await reader.look({ config: chart, publishedAtMs: 0 }, signal);
    api.close();
    const strange = [...flaws].filter(([, { kind }]) => kind !== "refused");
    return taking.kind === "taken" ? strange : [taking, ...strange];
  }

  /** The status that a visitor of this host gets. */
  function askedFor(host: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const asked = request(traefik.url, { headers: { Host: host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on("error", reject).end();
    });
  }

  async function clear(): Promise<void> {
    await publish("portolan.yml", EMPTY_CHART);
    await awaitTaken();
  }

  test.each(played.map((one) => [one.golden.name, one] as const))("takes %s whole", async (_, one) => {
    const before = complaints().length;
    const { golden, text, chart } = one;
    const taken = await load(text, chart);
    for (const [name, router] of chart["http/routers"]) {
      const actual = taken.routers?.[`${name}@file`];
      const problem = problemOf(golden.name, router);
      const status = problem === undefined ? "enabled" : problem.status;
      expect(actual, name).toMatchObject({ rule: router["rule"], status });
      expect(actual?.error, name).toEqual(problem && [expect.stringContaining(problem.says)]);
    }
    for (const protocol of ["tcp", "udp"] as const) {
      for (const name of chart[`${protocol}/routers`].keys()) {
        expect(taken[`${protocol}Routers`]?.[`${name}@file`]?.status, `${protocol} ${name}`).toBe("enabled");
      }
    }
    const services = golden.outcome.expected["services"] as RawData["services"];
    for (const [name, service] of Object.entries(services ?? {})) {
      // A weighted one has none: its two parts are services, too.
      const servers = taken.services?.[`${name}@file`]?.loadBalancer?.servers ?? [];
      expect(
        servers.map(({ url }) => url),
        name,
      ).toEqual((service.loadBalancer?.servers ?? []).map(({ url }) => url));
    }
    const expected = [...chart["http/routers"].values()].flatMap(
      (router) => problemOf(golden.name, router)?.says ?? [],
    );
    const others = complaints()
      .slice(before)
      .filter((line) => !expected.some((says) => line.includes(says)));
    expect(others).toEqual([]);
  });

  test("behind a middleware that asks a service without instances every request is refused", async () => {
    const golden = cases.find(({ name }) => name === "772-catalog-address-of-none");
    if (golden === undefined) throw new Error("the case is gone");
    const { text, chart } = playCase(golden);
    await load(text, chart);
    expect(await askedFor("shop")).toBe(500);
  });

  test("a template in a tag arrives as text and is not executed", async () => {
    const golden = cases.find(({ name }) => name === "900-template-braces");
    if (golden === undefined) throw new Error("the case is gone");
    const { text, chart } = playCase(golden);
    const taken = await load(text, chart);
    expect(taken.routers?.["web@file"]?.rule).toBe('Header(`X-Home`, `{{ env "HOME" }}`)');
    expect(taken.routers?.['{{ env "HOME" }}@file']?.rule).toBe("Path(`/named`)");
    expect(taken.middlewares?.["home@file"]?.headers?.customRequestHeaders).toEqual({
      "X-Home": '{{ env "HOME" }}{{{{ }} {{{',
    });
  });

  test("a template that is not escaped would be executed, so the tests above can fail", async () => {
    const text = '{"http": {"routers": {"web": {"rule": "Path(`/{{ env "PATH" | len }}`)", "service": "none"}}}}\n';
    await clear();
    await publish("portolan.yml", text.replace('"PATH"', "`PATH`"));
    await awaitTaken();
    expect((await rawData()).routers?.["web@file"]?.rule).toMatch(/^Path\(`\/\d+`\)$/);
  });

  test("a file with every field of the schema for 3.6 is taken", async () => {
    const before = complaints().filter((line) => line.includes("portolan.yml")).length;
    await clear();
    await publish("portolan.yml", JSON.stringify({ http: everyField("3.6") }));
    await awaitTaken();
    expect(await namesOf("http/routers")).toEqual(["every@file"]);
    expect(complaints().filter((line) => line.includes("portolan.yml"))).toHaveLength(before);
    expect(await strangeness(configFrom({ http: everyField("3.6") as ConfigValue }))).toEqual([]);
  });

  test("a field that 3.6 does not have makes it refuse the whole file", async () => {
    await clear();
    await publish("portolan.yml", JSON.stringify({ http: everyField("3.7") }));
    const refusal = await until(() => complaints().find((line) => line.includes("field not found")), {
      timeoutMs: 5_000,
      what: "Traefik to complain",
    });
    expect(refusal).toContain("portolan.yml");
    expect(await namesOf("http/routers")).toEqual([]);
  });
});
