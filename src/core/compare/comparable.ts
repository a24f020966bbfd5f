import { sha1Hex } from "../../go/sha1.ts";
import { utf8Length } from "../../go/utf8.ts";
import { withoutDefaults } from "../traefik/chart/defaults.ts";
import {
  type ConfigObject,
  type ConfigValue,
  configObject,
  isConfigObject,
  protocolOf,
  type Section,
} from "../traefik/chart/dynamic-config.ts";
import { rewriteReferences } from "../traefik/chart/references.ts";
import { serversOf, withServers } from "../traefik/chart/servers.ts";
import { checkRule } from "../traefik/rule/check-rule.ts";
import { entryField } from "../traefik/schema/entry-field.ts";
import type { Field } from "../traefik/schema/schema.ts";

/**
 * A definition in the one form that Traefik's list and a chart have in common: what means the same is the same.
 *
 * | left out | since |
 * |---|---|
 * | what is set to its default | Traefik lists it, and a chart need not say it |
 * | a router's priority where it is what Traefik makes of its rule | the same |
 * | TLS options that are called `default` | the same |
 * | `@consulcatalog` and `@nomad` behind a name that is referred to | the chart has the same names without it |
 * | the order of servers and of entry points | it has no meaning |
 */
export function comparable(section: Section, definition: ConfigObject): ConfigObject {
  const written = withoutInternal(entryField(section), rewriteReferences(section, definition, ""));
  const object = isConfigObject(written) ? written : definition;
  if (section.endsWith("/routers")) return withoutDefaults(section, plainRouter(section, object));
  const sorted = serversOf(object).length === 0 ? object : withServers(object, serversOf(object));
  return withoutEmptyForwarding(withoutDefaults(section, sorted));
}

/** Traefik gives every load balancer one, with a default of its own. */
function withoutEmptyForwarding(service: ConfigObject): ConfigObject {
  const balancer = service["loadBalancer"];
  const forwarding = isConfigObject(balancer) ? balancer["responseForwarding"] : undefined;
  if (!isConfigObject(balancer) || !isConfigObject(forwarding) || Object.keys(forwarding).length > 0) return service;
  const rest = Object.entries(balancer).filter(([field]) => field !== "responseForwarding");
  return configObject([...Object.entries(service), ["loadBalancer", configObject(rest)]]);
}

/**
 * The service without the name of its sticky cookie, where that is the one that Traefik makes of the service's own name: it is
 * another one for each provider.
 *
 * @param qualified the service's name with its provider
 */
export function withoutMadeCookie(service: ConfigObject, qualified: string): ConfigObject {
  const cookie = cookieOf(service);
  if (cookie?.["name"] !== madeCookieName(qualified)) return service;
  return withCookie(service, configObject(Object.entries(cookie).filter(([field]) => field !== "name")));
}

/**
 * The service with the name of its sticky cookie written out, where Traefik makes one; undefined for any other service.
 *
 * @param qualified the service's name with its provider
 */
export function withMadeCookie(service: ConfigObject, qualified: string): ConfigObject | undefined {
  const cookie = cookieOf(service);
  if (cookie === undefined || (cookie["name"] ?? "") !== "") return undefined;
  return withCookie(service, configObject([...Object.entries(cookie), ["name", madeCookieName(qualified)]]));
}

function madeCookieName(qualified: string): string {
  return `_${sha1Hex(`_TRAEFIK_BACKEND_${qualified}`)}`.slice(0, 6);
}

function cookieOf(service: ConfigObject): ConfigObject | undefined {
  const balancer = service["loadBalancer"];
  const sticky = isConfigObject(balancer) ? balancer["sticky"] : undefined;
  const cookie = isConfigObject(sticky) ? sticky["cookie"] : undefined;
  return isConfigObject(cookie) ? cookie : undefined;
}

function withCookie(service: ConfigObject, cookie: ConfigObject): ConfigObject {
  const balancer = service["loadBalancer"];
  if (!isConfigObject(balancer) || !isConfigObject(balancer["sticky"])) return service;
  const sticky = configObject([...Object.entries(balancer["sticky"]), ["cookie", cookie]]);
  const own = configObject([...Object.entries(balancer), ["sticky", sticky]]);
  return configObject([...Object.entries(service), ["loadBalancer", own]]);
}

function plainRouter(section: Section, router: ConfigObject): ConfigObject {
  const rule = String(router["rule"] ?? "");
  const fields = Object.entries(router).flatMap(([field, value]): (readonly [string, ConfigValue])[] => {
    if (field === "priority" && isMadePriority(section, rule, value)) return [];
    if (field === "ruleSyntax" && ["", "v3", "default"].includes(String(value))) return [];
    if (field === "entryPoints" && Array.isArray(value)) return [[field, value.map(String).sort()]];
    if (field === "middlewares" && Array.isArray(value) && value.length === 0) return [];
    if (field === "tls" && isConfigObject(value)) return [[field, plainTls(value)]];
    if (field !== "observability" || !isConfigObject(value)) return [[field, value]];
    const observed = Object.entries(value).filter(([name, one]) => !isObserved(name, one));
    return observed.length === 0 ? [] : [[field, configObject(observed)]];
  });
  return configObject(fields);
}

function plainTls(tls: ConfigObject): ConfigObject {
  return configObject(
    Object.entries(tls).filter(([field, value]) => !(field === "options" && (value === "default" || value === ""))),
  );
}

/** Traefik observes every router, unless its entry point or the router says otherwise. */
function isObserved(name: string, value: ConfigValue): boolean {
  return name === "traceVerbosity" ? value === "minimal" || value === "" : value === true;
}

function isMadePriority(section: Section, rule: string, priority: ConfigValue): boolean {
  if (String(priority) === "0") return true;
  if (protocolOf(section) === "tcp") {
    const checked = checkRule("tcp", rule);
    if (checked.kind === "sound") return String(priority) === String(checked.priorityByLength);
  }
  return String(priority) === String(utf8Length(rule));
}

/** Traefik's own notes about what it runs. */
function withoutInternal(field: Field, value: ConfigValue): ConfigValue {
  const entry = "entry" in field ? field.entry : undefined;
  if (Array.isArray(value)) return entry === undefined ? value : value.map((item) => withoutInternal(entry, item));
  if (!isConfigObject(value)) return value;
  const kept = Object.entries(value).flatMap(([name, child]): (readonly [string, ConfigValue])[] => {
    const below = "fields" in field ? field.fields[name] : entry;
    if (below === undefined) return [[name, child]];
    return below.internal === true ? [] : [[name, withoutInternal(below, child)]];
  });
  return configObject(kept);
}
