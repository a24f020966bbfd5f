import type { ConfigObject, RouterSection } from "../traefik/chart/dynamic-config.ts";
import { type ResourceKey, routerLabel, routersOf } from "../traefik/chart/dynamic-config.ts";
import { hostName } from "../traefik/rule-reach/matcher-reach.ts";
import { reachOfRouter } from "../traefik/rule-reach/reach.ts";
import { has } from "../traefik/rule-reach/text-set.ts";
import type { ExplainedRouter, HostAnswer, Verdict } from "./answer.ts";
import { askedInVain } from "./asking.ts";
import type { Decided } from "./decided.ts";
import { explainRouter, ownerOf } from "./router-answer.ts";

/** Does a rule name this host, or match it by a wider one? */
function namesHost(host: string) {
  return (section: RouterSection, router: ConfigObject): boolean =>
    section !== "udp/routers" &&
    (reachOfRouter(section, router).areas ?? []).some((area) => area.host.isExact && area.host.prefix === host);
}

function mayServe(host: string) {
  return (section: RouterSection, router: ConfigObject): boolean =>
    section !== "udp/routers" && (reachOfRouter(section, router).areas ?? []).some((area) => has(area.host, host));
}

/** Who serves a host, whose it is, and who asked for it in vain; undefined where no rule names it, in the chart or in a tag. */
export function explainHost(text: string, decided: Decided): HostAnswer | undefined {
  const host = hostName(text);
  const { chart, memory } = decided.decision;
  const isNamed = namesHost(host);
  const isServed = mayServe(host);
  const serving: ExplainedRouter[] = [];
  let owner = memory.hosts.owners.get(host);
  let isKnown = owner !== undefined;
  for (const { key, section, router } of routersOf(chart)) {
    if (!isServed(section, router)) continue;
    serving.push(explainRouter({ key }, decided));
    if (!isNamed(section, router)) continue;
    isKnown = true;
    owner ??= ownerOf(key, decided);
  }
  const refused = askedInVain(isNamed, decided);
  if (!isKnown && refused.length === 0) return undefined;
  serving.sort((one, other) => other.priority - one.priority);
  const [first] = refused;
  const reason = serving.length === 0 ? first?.reason : serving.flatMap(({ reasons }) => reasons)[0];
  return {
    kind: "host",
    host,
    verdict: verdictOf(host, owner, serving),
    ...(reason === undefined ? {} : { reason }),
    ...(owner === undefined ? {} : { owner }),
    routers: serving,
    refused,
  };
}

function verdictOf(host: string, owner: string | undefined, serving: readonly ExplainedRouter[]): Verdict {
  const whose = owner === undefined ? "" : `; it belongs to ${owner}`;
  const served = serving.filter(({ servers }) => servers.length > 0);
  const names = serving
    .map(({ name }) => name)
    .slice(0, 3)
    .join(", ");
  if (serving.length === 0) return { state: "not-routed", says: `host ${host} is not routed` };
  if (serving.some(({ isServedByTraefik }) => !isServedByTraefik)) {
    return {
      state: "refused-by-traefik",
      says: `host ${host} is in the chart, and Traefik does not serve all of it${whose}`,
    };
  }
  if (served.length === 0)
    return { state: "answers-503", says: `host ${host} answers 503: no server is behind ${names}${whose}` };
  return { state: "routed", says: `host ${host} is served by ${names}${whose}` };
}

/** The hosts that routers of the chart name, for those who misspell one. */
export function knownHosts({ decision: { chart, memory } }: Decided): ReadonlySet<string> {
  const hosts = new Set<string>(memory.hosts.owners.keys());
  for (const { section, router } of routersOf(chart)) {
    if (section === "udp/routers") continue;
    for (const { host } of reachOfRouter(section, router).areas ?? []) if (host.isExact) hosts.add(host.prefix);
  }
  return hosts;
}

/** The routers of the chart by the names that people call them by. */
export function knownRouters({ decision: { chart, memory } }: Decided): ReadonlyMap<ResourceKey, string> {
  const keys = new Set<ResourceKey>([...routersOf(chart)].map(({ key }) => key));
  for (const { key } of memory.hosts.refused.keys()) keys.add(key);
  return new Map([...keys].map((key) => [key, routerLabel(key)]));
}
