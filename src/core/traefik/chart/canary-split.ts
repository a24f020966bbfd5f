import { sha1Hex } from "../../../go/sha1.ts";
import { foundIn } from "../../incremental/found-in.ts";
import { memoize } from "../../incremental/memoize.ts";
import { CANARY_FIELD, canaryPercentOf, canaryShareOf } from "./canary-share.ts";
import { patchConfig } from "./config-patch.ts";
import {
  type ConfigObject,
  type ConfigValue,
  configObject,
  type DynamicConfig,
  isConfigObject,
  type Section,
} from "./dynamic-config.ts";
import { serversOf, withServers } from "./servers.ts";

const SERVICE_SECTIONS = ["http/services", "tcp/services", "udp/services"] as const satisfies readonly Section[];
const WHOLE = 100;

/**
 * A configuration as Traefik is to read it: each service with servers of canaries becomes a weighted one over two load
 * balancers, `NAME.stable` and `NAME.canary`. No tag can define a name with a dot; where the operator has defined one of the
 * two, the canaries get nothing. The weighted service has the name, so that whatever leads there shares.
 *
 * | of the service | is in |
 * |---|---|
 * | its servers, and all options of the load balancer | the two load balancers |
 * | a sticky cookie | both, under the name that it has without a canary, so that sessions outlive it; and the weighted service under another |
 * | a health check | both; the weighted service follows it (`healthCheck: {}`), so that a share whose servers are all down goes to the other |
 * | anything beside the load balancer | the weighted service |
 */
export function splitCanaries(config: DynamicConfig): DynamicConfig {
  if (SERVICE_SECTIONS.every((section) => shared(config[section]).length === 0)) return config;
  const patch = patchConfig(config);
  for (const section of SERVICE_SECTIONS) {
    for (const [name, service] of shared(config[section])) {
      const isTaken = [stableName(name), canaryName(name)].some((one) => config[section].has(one));
      const parts = isTaken ? undefined : splitOf(service).of(name, section);
      patch.put(section, name, parts?.weighted ?? withoutCanaries(service));
      if (parts === undefined) continue;
      patch.put(section, stableName(name), parts.stable);
      patch.put(section, canaryName(name), parts.canary);
    }
  }
  return patch.result();
}

/** A service that has to be split, and the names of the two load balancers that it needs for that. */
export interface NeededNames {
  readonly section: (typeof SERVICE_SECTIONS)[number];
  readonly name: string;
  readonly parts: readonly string[];
}

/** The names that `splitCanaries` would make. */
export function namesNeededForCanaries(config: DynamicConfig): readonly NeededNames[] {
  return SERVICE_SECTIONS.flatMap((section) =>
    shared(config[section])
      .filter(([, service]) => canaryShareOf(service) !== undefined)
      .map(([name]) => ({ section, name, parts: [stableName(name), canaryName(name)] })),
  );
}

/** A service with canaries, where they get nothing: its stable servers serve. */
export function withoutCanaries(service: ConfigObject): ConfigObject {
  return withServers(service, stableServers(service));
}

/** The way back: a configuration that was read from a chart, as the one that the chart was written from. */
export function joinCanaries(config: DynamicConfig): DynamicConfig {
  const patch = patchConfig(config);
  for (const section of SERVICE_SECTIONS) {
    for (const [name, service] of config[section]) {
      const percent = weightOfCanary(name, service);
      const [stable, canary] = [config[section].get(stableName(name)), config[section].get(canaryName(name))];
      if (percent === undefined || stable === undefined || canary === undefined) continue;
      patch.put(section, name, joined(name, { service, stable, canary }, percent));
      patch.drop(section, stableName(name));
      patch.drop(section, canaryName(name));
    }
  }
  return patch.result();
}

function stableName(name: string): string {
  return `${name}.stable`;
}

function canaryName(name: string): string {
  return `${name}.canary`;
}

/** The services that have servers of canaries, in the order of their names. */
function shared(services: ReadonlyMap<string, ConfigObject>): readonly (readonly [string, ConfigObject])[] {
  return [...sharedIn(services)].sort(([a], [b]) => (a < b ? -1 : 1));
}

const sharedIn = foundIn<string, ConfigObject, ConfigObject>((service) =>
  serversOf(service).some((one) => canaryPercentOf(one) !== undefined) ? service : undefined,
);

interface Parts {
  readonly weighted: ConfigObject;
  readonly stable: ConfigObject;
  readonly canary: ConfigObject;
}

/** An object keeps its name for life, with few exceptions: what it was last split into is remembered with it. */
const splitOf = memoize((service: ConfigObject) => {
  let last: { readonly name: string; readonly parts: Parts | undefined } | undefined;
  return {
    of(name: string, section: Section): Parts | undefined {
      if (last?.name !== name) last = { name, parts: split(name, section, service) };
      return last.parts;
    },
  };
});

/** Undefined where all servers are of canaries: they are the service then. */
function split(name: string, section: Section, service: ConfigObject): Parts | undefined {
  const percent = canaryShareOf(service);
  if (percent === undefined) return undefined;
  const { loadBalancer, ...rest } = service;
  const balancer = isConfigObject(loadBalancer) ? loadBalancer : configObject();
  const sticky = section === "http/services" ? stickyOf(balancer) : undefined;
  const cookie = sticky === undefined ? undefined : cookieNameOf(name, sticky);
  const part = configObject([["loadBalancer", cookie === undefined ? balancer : withCookie(balancer, cookie)]]);
  const servers = serversOf(service);
  const weighted = configObject([
    [
      "services",
      [
        configObject([
          ["name", stableName(name)],
          ["weight", WHOLE - percent],
        ]),
        configObject([
          ["name", canaryName(name)],
          ["weight", percent],
        ]),
      ],
    ],
    ...(cookie === undefined || sticky === undefined
      ? []
      : [["sticky", withCookie(configObject([["sticky", sticky]]), `${cookie}_canary`)["sticky"] ?? ""] as const]),
    ...(section !== "udp/services" && balancer["healthCheck"] !== undefined
      ? [["healthCheck", configObject()] as const]
      : []),
  ]);
  return {
    weighted: configObject([...Object.entries(rest), ["weighted", weighted]]),
    stable: withServers(part, stableServers(service)),
    canary: withServers(part, servers.filter((one) => canaryPercentOf(one) !== undefined).map(plain)),
  };
}

/** Of a service with no other servers than those of canaries: these. */
function stableServers(service: ConfigObject): readonly ConfigValue[] {
  const servers = serversOf(service);
  const stable = servers.filter((one) => canaryPercentOf(one) === undefined);
  return stable.length === 0 ? servers.map(plain) : stable;
}

function plain(server: ConfigValue): ConfigValue {
  if (!isConfigObject(server)) return server;
  return configObject(Object.entries(server).filter(([field]) => field !== CANARY_FIELD));
}

function stickyOf(balancer: ConfigObject): ConfigObject | undefined {
  const sticky = balancer["sticky"];
  return isConfigObject(sticky) && isConfigObject(sticky["cookie"]) ? sticky : undefined;
}

/** The name of the sticky cookie of a service that the chart calls so: its own, or the one that Traefik makes of the name. */
function cookieNameOf(name: string, sticky: ConfigObject): string {
  const cookie = sticky["cookie"];
  const own = isConfigObject(cookie) ? cookie["name"] : undefined;
  return typeof own === "string" && own !== "" ? own : defaultCookieName(name);
}

function defaultCookieName(name: string): string {
  return `_${sha1Hex(`_TRAEFIK_BACKEND_${name}@file`)}`.slice(0, 6);
}

/** @param name of the cookie; empty for Traefik's own choice */
function withCookie(balancer: ConfigObject, name: string): ConfigObject {
  const sticky = balancer["sticky"];
  const cookie = isConfigObject(sticky) ? sticky["cookie"] : undefined;
  if (!isConfigObject(sticky) || !isConfigObject(cookie)) return balancer;
  const others = Object.entries(cookie).filter(([field]) => field !== "name");
  const named = configObject(name === "" ? others : [["name", name], ...others]);
  const own = configObject([...Object.entries(sticky), ["cookie", named]]);
  return configObject([...Object.entries(balancer), ["sticky", own]]);
}

/** The weight of the canaries in a weighted service that `splitCanaries` made; undefined for any other. */
function weightOfCanary(name: string, { weighted }: ConfigObject): number | undefined {
  const services = isConfigObject(weighted) ? weighted["services"] : undefined;
  if (!Array.isArray(services) || services.length !== 2) return undefined;
  const [stable, canary] = services;
  if (!isConfigObject(stable) || !isConfigObject(canary)) return undefined;
  if (stable["name"] !== stableName(name) || canary["name"] !== canaryName(name)) return undefined;
  return typeof canary["weight"] === "number" ? canary["weight"] : undefined;
}

function joined(
  name: string,
  { service, stable, canary }: Readonly<Record<"service" | "stable" | "canary", ConfigObject>>,
  percent: number,
): ConfigObject {
  const { weighted: _, ...rest } = service;
  const marked = serversOf(canary).map((one) =>
    configObject([...(isConfigObject(one) ? Object.entries(one) : []), [CANARY_FIELD, percent]]),
  );
  const balancer = isConfigObject(stable["loadBalancer"]) ? stable["loadBalancer"] : configObject();
  const sticky = stickyOf(balancer);
  const isDefault = sticky !== undefined && cookieNameOf(name, sticky) === defaultCookieName(name);
  const whole = configObject([
    ...Object.entries(rest),
    ["loadBalancer", isDefault ? withCookie(balancer, "") : balancer],
  ]);
  return withServers(whole, [...serversOf(stable), ...marked]);
}
