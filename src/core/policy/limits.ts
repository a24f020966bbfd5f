import { matchesGlob } from "../catalog/glob.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { PolicyRule } from "../settings.ts";
import {
  type ConfigObject,
  isConfigObject,
  isRouterSection,
  kindOf,
  protocolOf,
  type RouterSection,
  resourceKey,
  type Section,
} from "../traefik/chart/dynamic-config.ts";
import { type NamedReference, referencesOf, targetOf } from "../traefik/chart/references.ts";
import { type Area, reachOfRouter } from "../traefik/rule-reach/reach.ts";
import { isUnbounded, type TextSet } from "../traefik/rule-reach/text-set.ts";
import type { Fragment } from "../translate/draft.ts";
import { HARMLESS } from "./operators-only.ts";
import { isHostAllowed } from "./policy.ts";
import { plainName } from "./required-middlewares.ts";

/** Why a rule of the policy does not allow an object of a fragment; undefined where it does. */
export function limitsOf(
  section: Section,
  name: string,
  object: ConfigObject,
  rule: PolicyRule,
  fragment: Fragment,
): Finding | undefined {
  const why =
    (isRouterSection(section) ? routerProblem(section, object, rule) : undefined) ??
    (kindOf(section) === "middlewares" ? definitionProblem(name, object, rule) : undefined) ??
    referenceProblem(section, object, rule, fragment);
  if (why === undefined) return undefined;
  return {
    code: "POLICY_REFUSED",
    message: `${resourceKey(section, name)} ${why}, by ${rule.name} of the policy`,
    remedy: "ask for what the policy allows, or have the operator change the policy",
  };
}

function routerProblem(section: RouterSection, router: ConfigObject, rule: PolicyRule): string | undefined {
  const protocol = protocolOf(section);
  if (rule.protocols?.includes(protocol) === false)
    return `is a ${protocol} router, allowed: ${listed(rule.protocols)}`;
  const { areas, priority, entryPoints } = reachOfRouter(section, router);
  const allowed = { http: rule.entryPoints, tcp: rule.tcpEntryPoints, udp: rule.udpEntryPoints, tls: undefined }[
    protocol
  ];
  const entryPoint = entryPointProblem(entryPoints, allowed);
  if (entryPoint !== undefined || protocol === "udp") return entryPoint;
  if (rule.maxPriority !== undefined && priority > rule.maxPriority) {
    return `has priority ${priority}${router["priority"] === undefined ? " by the length of its rule" : ""}, at most ${rule.maxPriority} is allowed`;
  }
  const tls = router["tls"];
  const resolver = isConfigObject(tls) ? tls["certResolver"] : undefined;
  if (typeof resolver === "string" && !isListed(resolver, rule.certResolvers)) {
    return `uses the certificate resolver ${JSON.stringify(resolver)}, allowed: ${listed(rule.certResolvers)}`;
  }
  // A TCP client without TLS names no host: who has the entry point by the policy has all of it.
  const isOwnEntryPoint = protocol === "tcp" && allowed !== undefined;
  return reachProblem(areas, rule, isOwnEntryPoint);
}

function entryPointProblem(named: readonly string[], allowed: readonly string[] | undefined): string | undefined {
  if (allowed === undefined) return undefined;
  if (named.length === 0) return `names no entry point, allowed: ${listed(allowed)}`;
  const other = named.find((name) => !isListed(name, allowed));
  return other === undefined
    ? undefined
    : `listens at the entry point ${JSON.stringify(other)}, allowed: ${listed(allowed)}`;
}

function reachProblem(
  areas: readonly Area[] | undefined,
  { hosts, paths }: PolicyRule,
  mayTakeAnyHost: boolean,
): string | undefined {
  if (areas === undefined) return "has a rule that cannot be analysed";
  for (const { host, path } of areas) {
    const isExempt = mayTakeAnyHost && isUnbounded(host) && host.conditions.length === 0;
    if (hosts !== undefined && !isExempt && !hosts.some((allowed) => isHostSetAllowed(allowed, host))) {
      return `can match ${shown(host, "host")}, allowed: ${listed(hosts)}`;
    }
    if (paths !== undefined && !paths.some((allowed) => path.prefix.startsWith(allowed) || allowed === "/")) {
      return `can match ${shown(path, "path")}, allowed: ${listed(paths)}`;
    }
  }
  return undefined;
}

function isHostSetAllowed(allowed: string, { isExact, prefix, suffix }: TextSet): boolean {
  if (isExact || allowed === "*") return isHostAllowed(allowed, prefix);
  return allowed.startsWith("*.") && suffix.endsWith(allowed.slice(1));
}

function shown(set: TextSet, what: "host" | "path"): string {
  const { isExact, prefix, suffix } = set;
  if (isExact) return `the ${what} ${JSON.stringify(prefix)}`;
  return isUnbounded(set) ? `any ${what}` : `${what}s such as ${JSON.stringify(`${prefix}…${suffix}`)}`;
}

function definitionProblem(name: string, middleware: ConfigObject, rule: PolicyRule): string | undefined {
  const define = rule.middlewares?.define;
  if (!isListed(name, define)) return `defines a middleware, allowed: ${listed(define)}`;
  const plugin = middleware["plugin"];
  const other = isConfigObject(plugin) ? Object.keys(plugin).find((one) => !isListed(one, rule.plugins)) : undefined;
  return other === undefined ? undefined : `uses the plugin ${JSON.stringify(other)}, allowed: ${listed(rule.plugins)}`;
}

/** What a rule says of the names that others define, by kind. */
const LIMITED: Readonly<
  Record<
    NamedReference["kind"],
    (rule: PolicyRule) => { readonly what: string; readonly allowed: readonly string[] | undefined }
  >
> = {
  service: ({ services }) => ({ what: "service", allowed: services }),
  middleware: ({ middlewares }) => ({ what: "middleware", allowed: usable(middlewares) }),
  serversTransport: ({ serversTransports }) => ({ what: "transport", allowed: serversTransports }),
  tlsOptions: ({ tlsOptions }) => ({ what: "TLS options", allowed: tlsOptions }),
};

/** What must be used may be, by either spelling. */
function usable({ use, require = [] }: NonNullable<PolicyRule["middlewares"]> = {}): readonly string[] | undefined {
  return use && [...use, ...require.flatMap((name) => [name, plainName(name)])];
}

function referenceProblem(
  section: Section,
  object: ConfigObject,
  rule: PolicyRule,
  { config }: Fragment,
): string | undefined {
  for (const reference of referencesOf(section, object)) {
    const { kind, name } = reference;
    if (name === "" || name === HARMLESS || isOwn(section, reference)) continue;
    const { what, allowed } = LIMITED[kind](rule);
    if (!isListed(name, allowed)) return `uses the ${what} ${JSON.stringify(name)}, allowed: ${listed(allowed)}`;
  }
  return undefined;

  /** What it defines itself has been judged as a definition. */
  function isOwn(from: Section, reference: NamedReference): boolean {
    const target = targetOf(from, reference);
    return target !== undefined && config[target].has(reference.name.replace(/@file$/, ""));
  }
}

function isListed(name: string, allowed: readonly string[] | undefined): boolean {
  return allowed === undefined || allowed.some((glob) => matchesGlob(glob, name));
}

function listed(allowed: readonly string[] | undefined): string {
  return allowed === undefined || allowed.length === 0 ? "none" : allowed.join(", ");
}
