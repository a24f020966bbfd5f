import type { ServiceInstance } from "../../catalog/snapshot.ts";
import type { Finding } from "../../diagnostics/finding.ts";
import { whereabouts } from "../../ports/ledger/whereabouts.ts";
import { judgePort } from "../../ports/port-window.ts";
import type { CoreSettings } from "../../settings.ts";
import { plainHost } from "../../traefik/backend-url.ts";
import { type ConfigObject, configObject, resourceKey } from "../../traefik/chart/dynamic-config.ts";
import { checkPortOf, healthCheckOf, withHealthCheck } from "../../traefik/connections/health-check.ts";
import { withoutCredentials } from "../../traefik/url-credentials.ts";
import type { Fragment } from "../../translate/draft.ts";
import { type AllowRemedy, allowRemedy, allows } from "../allow.ts";

/** What is wrong with a health check, to follow "the health check of …", and the remedy. */
interface Problem extends AllowRemedy {
  readonly why: string;
}

/** A health check, and an instance that asks for it. */
interface AskedFor {
  readonly instance: ServiceInstance;
  readonly settings: CoreSettings;
  readonly check: ConfigObject;
}

/** A health check, and the server of an instance that it asks. */
interface AskedServer extends AskedFor {
  readonly host: string;
  readonly port: number;
}

type Rules<Asked> = Readonly<Record<string, (asked: Asked) => Problem | undefined>>;

/**
 * What a health check may send, by the field that decides it. Traefik sends checks again and again, from its own machine and
 * unasked; so they get less than routers, which may lead requests to any dynamic port:
 *
 * | field | may be |
 * |---|---|
 * | `path` | relative: some Traefiks take an absolute URL, and ask what it names |
 * | `scheme` | `http`, `https`, `h2c`: Traefik writes it before the address as it is, be it `http://elsewhere/?` |
 * | `method` | GET, HEAD, or what the settings allow |
 * | `send` | nothing, unless the settings allow it |
 *
 * Redirects cost no check: none is followed, unless the settings allow it.
 */
export const CHECK_CONTENT_RULES: Readonly<Record<"http" | "tcp", Rules<AskedFor>>> = {
  http: { path: judgePath, scheme: judgeScheme, method: judgeMethod },
  tcp: { send: judgeSend },
};

/**
 * Where a health check may be sent. A service has one check for all of its servers, be they of instances whose tags do not
 * ask for it; so each server is judged, when all of them are known:
 *
 * | field | may be |
 * |---|---|
 * | the server | at the own address of the instance behind it |
 * | `port` | as a backend's; the stage `leaveOutForeignChecks` looks who is registered there, besides |
 */
export const CHECK_PLACE_RULES: Rules<AskedServer> = { server: judgeServer, port: judgeCheckPort };

/**
 * The fragment of an instance with no other health checks than it may ask for. A check that it may not send is left
 * out as a whole, and the service is served without: a check of another kind than its owner meant could find all servers
 * down.
 */
export function permitHealthChecks(
  instance: ServiceInstance,
  fragment: Fragment,
  settings: CoreSettings,
): { readonly fragment: Fragment; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  let { config } = fragment;
  for (const protocol of ["http", "tcp"] as const) {
    const section = `${protocol}/services` as const;
    for (const [name, service] of fragment.config[section]) {
      const check = healthCheckOf(service);
      if (check === undefined) continue;
      const what = `the health check of ${resourceKey(section, name)}`;
      const problems = problemsOf({ instance, settings, check }, CHECK_CONTENT_RULES[protocol]);
      findings.push(...problems.map(({ why, ...remedy }) => leftOut(`${what} ${why}`, remedy)));
      const kept = problems.length > 0 ? undefined : check;
      const permitted = kept && protocol === "http" ? withoutRedirects(what, kept, instance, settings, findings) : kept;
      if (permitted === check) continue;
      config = { ...config, [section]: new Map(config[section]).set(name, withHealthCheck(service, permitted)) };
    }
  }
  return { fragment: config === fragment.config ? fragment : { ...fragment, config }, findings };
}

/** What is reported where a health check is left out. */
export function leftOut(message: string, remedy: AllowRemedy): Finding {
  return {
    code: "HEALTH_CHECK_REFUSED",
    message: `${message}; the service is served without a health check, so that Traefik takes all of its servers for healthy`,
    ...remedy,
  };
}

/** What is wrong with sending a health check of this service to the server of an instance. */
export function wrongPlaces(what: string, asked: AskedServer): readonly Finding[] {
  return problemsOf(asked, CHECK_PLACE_RULES).map(({ why, ...remedy }) => leftOut(`${what} ${why}`, remedy));
}

function problemsOf<Asked>(asked: Asked, rules: Rules<Asked>): readonly Problem[] {
  return Object.values(rules).flatMap((judge) => judge(asked) ?? []);
}

/** Traefik follows redirects, and the server that answers the check says where to, unless the chart says that it must not. */
function withoutRedirects(
  what: string,
  check: ConfigObject,
  instance: ServiceInstance,
  settings: CoreSettings,
  findings: Finding[],
): ConfigObject {
  if (allows(settings, instance, { redirects: true }) || check["followRedirects"] === false) return check;
  if (check["followRedirects"] === true) {
    findings.push({
      code: "HEALTH_CHECK_REFUSED",
      message: `${what} would follow redirects, which lead Traefik to any address; it follows none, and an answer of 3xx is taken as it is`,
      ...allowRemedy("check a path that answers without a redirect, or allow it in", instance, { redirects: true }),
    });
  }
  return configObject([...Object.entries(check), ["followRedirects", false]]);
}

function judgeServer({ instance, host }: AskedServer): Problem | undefined {
  const { address, nodeAddress, taggedAddresses } = instance;
  const own = [address || nodeAddress, ...Object.values(taggedAddresses).map((tagged) => tagged.address)];
  if (own.some((one) => plainHost(one) === plainHost(host))) return undefined;
  return {
    why: `asks ${JSON.stringify(host)}, and only the instance's own address may be checked (${JSON.stringify(own[0])})`,
    remedy: "remove the tags of the health check, or server.url",
  };
}

function judgeCheckPort({ instance, settings, check, host, port: serverPort }: AskedServer): Problem | undefined {
  const port = checkPortOf(check);
  // The server's own has been judged with the server.
  if (port === 0 || port === serverPort) return undefined;
  const at = whereabouts(host, instance, settings.ports.ledger);
  const judged = judgePort({ service: instance, port, protocol: "tcp", ...at }, settings.ports);
  if (judged.kind !== "refused") return undefined;
  const why = `asks a port that it may not: ${judged.message}`;
  if (judged.code === "PORT_WITHHELD") {
    return { why, remedy: "remove healthcheck.port, so that the server's own port is checked" };
  }
  const { remedy, opens } = judged;
  return { why, remedy, ...(opens && { opens }) };
}

function judgePath({ check }: AskedFor): Problem | undefined {
  const path = String(check["path"] ?? "");
  // A back-slash is a slash to some parsers; not to Go's.
  if (!/^(?:[a-z][a-z0-9+.-]*:|[/\\]{2})/i.test(path)) return undefined;
  return {
    why: "has a path that is a URL, which names a server of its own",
    remedy: `write a path that begins with one "/", for example healthcheck.path=/health`,
  };
}

function judgeScheme({ check }: AskedFor): Problem | undefined {
  const scheme = String(check["scheme"] ?? "");
  if (["", ...SCHEMES].includes(scheme)) return undefined;
  return {
    why: `has the scheme ${JSON.stringify(withoutCredentials(scheme))}, allowed are ${SCHEMES.join(", ")}`,
    remedy: `write healthcheck.scheme=https, or leave it out for the server's own`,
  };
}

const SCHEMES: readonly string[] = ["http", "https", "h2c"];

function judgeMethod({ instance, settings, check }: AskedFor): Problem | undefined {
  const method = String(check["method"] ?? "").toUpperCase();
  const opened = { healthCheckMethods: [method] };
  if (["", ...METHODS].includes(method) || allows(settings, instance, opened)) return undefined;
  return {
    why: `sends ${JSON.stringify(method)}, which may change something; allowed are ${METHODS.join(", ")}`,
    ...allowRemedy("write healthcheck.method=GET, or allow it in", instance, opened),
  };
}

/** They ask and change nothing. */
const METHODS: readonly string[] = ["GET", "HEAD"];

function judgeSend({ instance, settings, check }: AskedFor): Problem | undefined {
  const opened = { healthCheckSend: true };
  if (String(check["send"] ?? "") === "" || allows(settings, instance, opened)) return undefined;
  return {
    why: "sends bytes of its own (healthcheck.send), which may be a command to what answers there",
    ...allowRemedy("remove healthcheck.send, so that connecting is the check, or allow it in", instance, opened),
  };
}
