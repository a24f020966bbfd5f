import { someNames } from "../../base/count.ts";
import type { BlockingAnswer } from "../catalog/blocking-answer.ts";
import type { CatalogClient, CatalogRead, ServiceList } from "../catalog/catalog-client.ts";
import { CatalogError } from "../catalog/catalog-error.ts";
import { PRODUCTS } from "../catalog/product.ts";
import { type CatalogConnection, type CatalogRequest, createCatalogHttp } from "../http/catalog-http.ts";
import { decodeInstances, decodeNamespaces, decodeServiceList } from "./decode.ts";
import { createKnownNamespaces } from "./known-namespaces.ts";
import { pathWithParameters } from "./path-with-parameters.ts";
import { splitServiceKey } from "./service-key.ts";

/** Stands for all namespaces in a request. */
const ALL_NAMESPACES = "*";
/** Of Nomad's namespaces, in a message. */
const MOST_NAMES = 10;

export interface NomadClientOptions extends CatalogConnection {
  /** Default: the agent's own. */
  readonly region?: string;
  /** `*` alone for all that the token may read. Default: Nomad's, which is called `default`. */
  readonly namespaces?: readonly string[];
  /** With several: told of those that are named, or were shown before, and that the token may not read. */
  denied?(namespaces: readonly string[]): void;
  /** With several: told of the namespaces that a list shows. */
  shown?(namespaces: ReadonlySet<string>): void;
  /** Told once where Nomad has none of a name among several; what is wrong, and what to do. */
  doubted?(message: string): void;
}

export interface NomadClient extends CatalogClient {
  /**
   * Rejects with E_CATALOG_SETTING where Nomad tells its namespaces, and one of the settings is not among them: Nomad answers
   * for one that does not exist as for an empty one. A token that may not see it is told nothing, and nothing is said.
   */
  requireNamespaces(signal: AbortSignal): Promise<void>;
}

/** Nomad's native services over HTTP. */
export function createNomadClient(options: NomadClientOptions): NomadClient {
  const { region, namespaces: [first, ...others] = [] } = options;
  const rules = [first ?? "default", ...others].map(readJobRule).join(" and ");
  const rights = `the token's policy needs ${rules}${first === ALL_NAMESPACES ? "" : ", or the token is to be a workload identity of that namespace"}`;
  const { read, close } = createCatalogHttp(options, { ...PRODUCTS.nomad, rights });
  const areSeveral = first === ALL_NAMESPACES || others.length > 0;
  const named = first === undefined || first === ALL_NAMESPACES ? [] : [first, ...others];

  async function namespacesOfNomad(signal: AbortSignal): Promise<readonly string[]> {
    const query = {
      endpoint: "/v1/namespaces",
      ask: (request: CatalogRequest) => request.get(pathWithParameters("/namespaces", { region }, request)),
      decode: decodeNamespaces,
    };
    return (await read(query, { index: 0n, consistency: "stale", signal })).value;
  }

  function servicesOf(namespace: string | undefined, how: CatalogRead): Promise<BlockingAnswer<ServiceList>> {
    const query = {
      endpoint: "/v1/services",
      isLarge: true,
      ask: (request: CatalogRequest) => request.get(pathWithParameters("/services", { namespace, region }, request)),
      decode: decodeServiceList,
    };
    return read(query, how);
  }

  const denied = (names: readonly string[]): void => {
    deniedNow = names;
    options.denied?.(names);
  };
  const shown = (names: ReadonlySet<string>): void => options.shown?.(names);
  const known = areSeveral ? createKnownNamespaces({ named, read: servicesOf, denied, shown }) : undefined;
  let deniedNow: readonly string[] = [];
  let hasLooked = false;

  /** What is wrong with these names of the settings, and what to do; undefined also where Nomad does not tell its namespaces. */
  async function problemWith(wanted: readonly string[], signal: AbortSignal): Promise<string | undefined> {
    if (wanted.length === 0) return undefined;
    const existing = await namespacesOfNomad(signal).catch((error: unknown): readonly string[] => {
      if (error instanceof CatalogError && !error.isOutage) return [];
      throw error;
    });
    const missing = wanted.filter((name) => !existing.includes(name));
    const [one] = missing;
    if (existing.length === 0 || one === undefined) return undefined;
    const names = missing.map((name) => JSON.stringify(name)).join(" and ");
    return `nomad.namespace: Nomad has no namespace ${names} that the token may see; it has ${someNames(existing, MOST_NAMES)}: name one of these, or create it with nomad namespace apply ${one}`;
  }

  /** Beside other namespaces one that does not exist holds nothing up: it is told once that it is not there. */
  async function lookOnce(services: ServiceList, signal: AbortSignal): Promise<void> {
    if (hasLooked || services.size === 0) return;
    const told = new Set([...services.keys()].map((key) => splitServiceKey(key).namespace).concat(deniedNow));
    hasLooked = true;
    const untold = named.filter((name) => !told.has(name));
    const problem = await problemWith(untold, signal).catch(() => undefined);
    if (problem !== undefined) options.doubted?.(problem);
  }

  return {
    async services(how) {
      if (known === undefined) return await servicesOf(first, how);
      // One query for all: its index moves with every registration, so that one long poll is enough for several.
      const { index, value: all } = await servicesOf(ALL_NAMESPACES, how);
      const wanted = named.length === 0 ? all : ofNamespaces(all, named);
      const unlisted = await known.listed(wanted, how);
      const value = unlisted.size === 0 ? wanted : new Map([...wanted, ...unlisted]);
      await lookOnce(value, how.signal);
      return { index, value };
    },
    async recall(instances) {
      await known?.recall(new Set(instances.map(({ namespace }) => namespace)));
    },
    instances(service, how) {
      const { namespace, name } = splitServiceKey(service);
      const path = `/service/${encodeURIComponent(name)}`;
      return read(
        {
          endpoint: "/v1/service",
          ask: (request) => request.get(pathWithParameters(path, { namespace, region }, request)),
          decode: decodeInstances,
        },
        how,
      );
    },
    async requireNamespaces(signal) {
      const problem = await problemWith(named, signal);
      if (problem !== undefined) throw new CatalogError("E_CATALOG_SETTING", problem);
    },
    target(service) {
      if (service === undefined) return "/v1/services";
      const { namespace, name } = splitServiceKey(service);
      return `/v1/service/${name}?namespace=${namespace}`;
    },
    close,
  };
}

function ofNamespaces(services: ServiceList, names: readonly string[]): ServiceList {
  return new Map([...services].filter(([key]) => names.includes(splitServiceKey(key).namespace)));
}

/** The rule of a policy by which a token reads the services of a namespace. */
function readJobRule(namespace: string): string {
  return `namespace ${JSON.stringify(namespace)} { capabilities = ["read-job"] }`;
}
