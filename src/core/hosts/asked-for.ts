import { memoize } from "../incremental/memoize.ts";
import type { Translated } from "../instances/instance-state.ts";
import { HOST_PATTERN } from "../policy/host-pattern.ts";
import type { PolicyRule } from "../settings.ts";
import { type ConfigObject, protocolOf, ROUTER_SECTIONS, type RouterSection } from "../traefik/chart/dynamic-config.ts";
import { reachOfRouter } from "../traefik/rule-reach/reach.ts";
import { isUnbounded, type TextSet } from "../traefik/rule-reach/text-set.ts";

/** What the routers of a service ask for, as a rule of a policy would have to allow it. */
export interface AskedFor extends Required<Pick<PolicyRule, "hosts" | "paths">>, Pick<PolicyRule, "tcpEntryPoints"> {
  /** The hosts that the routers name one by one. */
  readonly namedHosts: readonly string[];
}

/** What all routers of a service's routed instances ask for; undefined where no rule of a policy can say it. */
export const askedForBy = memoize((own: readonly Translated[]): AskedFor | undefined => {
  const routers = own.flatMap(({ state }) =>
    state.kind === "routed"
      ? ROUTER_SECTIONS.flatMap((section) => [...state.fragment.config[section].values()].map(of(section)))
      : [],
  );
  return askedForByRouters(routers);
});

/** A router as its section and its object. */
export interface AskingRouter {
  readonly section: RouterSection;
  readonly object: ConfigObject;
}

function of(section: RouterSection) {
  return (object: ConfigObject): AskingRouter => ({ section, object });
}

/**
 * What these routers ask for; undefined where no rule of a policy can say it: a router cannot be analysed, or it names a host
 * that a policy cannot. UDP routers name neither hosts nor paths.
 */
export function askedForByRouters(routers: readonly AskingRouter[]): AskedFor | undefined {
  const [hosts, paths, namedHosts] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const tcp = routers.filter(({ section }) => protocolOf(section) === "tcp").map(reachOf);
  const isTcpListed = tcp.every(({ entryPoints }) => entryPoints.length > 0);
  let takesTcpEntryPoints = false;
  for (const router of routers) {
    const protocol = protocolOf(router.section);
    if (protocol === "udp") continue;
    const { areas } = reachOf(router);
    if (areas === undefined) return undefined;
    for (const { host, path } of areas) {
      paths.add(path.prefix.startsWith("/") ? path.prefix : "/");
      if (host.isExact) namedHosts.add(host.prefix);
      if (protocol === "tcp" && isTcpListed && isUnbounded(host) && host.conditions.length === 0) {
        takesTcpEntryPoints = true;
      } else {
        hosts.add(policyHost(host));
      }
    }
  }
  if (hosts.size + paths.size === 0 || ![...hosts].every((host) => HOST_PATTERN.test(host))) return undefined;
  return {
    hosts: hosts.has("*") ? ["*"] : [...hosts].sort(),
    paths: withoutLonger([...paths].sort()),
    namedHosts: [...namedHosts],
    ...(takesTcpEntryPoints ? { tcpEntryPoints: [...new Set(tcp.flatMap(({ entryPoints }) => entryPoints))] } : {}),
  };
}

function reachOf({ section, object }: AskingRouter) {
  return reachOfRouter(section, object);
}

/** The host itself, every host below the domain that a set of hosts ends with, or every host. */
function policyHost({ isExact, prefix, suffix }: TextSet): string {
  if (isExact) return prefix;
  const domain = suffix.indexOf(".");
  return domain < 0 || suffix.length === domain + 1 ? "*" : `*${suffix.slice(domain)}`;
}

/** A path allows all that begin with it. */
function withoutLonger(sorted: readonly string[]): readonly string[] {
  return sorted.filter((path) => !sorted.some((other) => other !== path && path.startsWith(other)));
}
