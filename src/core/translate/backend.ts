import { foldCase } from "../../go/fold-case.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { nameInText } from "../diagnostics/name-in-text.ts";
import { joinHostPort } from "../traefik/backend-url.ts";
import { CANARY_FIELD } from "../traefik/chart/canary-share.ts";
import {
  type ConfigObject,
  type ConfigValue,
  configObject,
  isConfigObject,
  type Protocol,
} from "../traefik/chart/dynamic-config.ts";
import type { Subject } from "./draft.ts";

export type FilledService =
  | { readonly kind: "filled"; readonly service: ConfigObject }
  | { readonly kind: "refused"; readonly finding: Finding };

/**
 * The service with this instance as its server: `server.url` as written, else the registered scheme, address and port
 * with `server.scheme` and `server.port` on top; the registered weight unless there is `server.weight`. Whatever the tags
 * say, the final target must pass the port window.
 */
export function withServer(name: string, service: ConfigObject, subject: Subject): FilledService {
  const { server: registered, rules } = subject;
  const loadBalancer = service["loadBalancer"];
  if (!isConfigObject(loadBalancer)) return noLoadBalancer("http", name, subject);
  const servers = loadBalancer["servers"];
  const first = Array.isArray(servers) ? servers[0] : undefined;
  const { url: asUrl, port: asPort, scheme: asScheme, ...rest } = isConfigObject(first) ? first : configObject();
  // Empty counts as unset here, as in Traefik.
  const urlTag = textOf(asUrl);
  const portTag = textOf(asPort);
  const scheme = textOf(asScheme);
  if (urlTag !== "" && (portTag !== "" || scheme !== "")) {
    return refuseService({
      code: "TAG_BAD_VALUE",
      message: `service ${JSON.stringify(name)} has server.url beside server.port or server.scheme; Traefik takes one or the other`,
      remedy: "drop server.url, or the other two",
    });
  }
  const { address, weight, canaryPercent } = registered;
  if (address === "") return noAddress();
  const port = portTag || registered.port;
  if (urlTag === "" && port === "") return noPort("http", name, subject);
  const url = urlTag || `${scheme || registered.scheme}://${joinHostPort(address, port)}`;
  const server = configObject([
    ["url", url],
    ...(weight === undefined ? [] : [["weight", weight] as const]),
    ...Object.entries(rest),
    ...(canaryPercent === undefined ? [] : [[CANARY_FIELD, canaryPercent] as const]),
  ]);
  const refused = rules.judgeServerUrl(name, url, subject);
  if (refused !== undefined) return refuseService(refused);
  return { kind: "filled", service: fill(service, loadBalancer, server) };
}

function fill(service: ConfigObject, loadBalancer: ConfigObject, server: ConfigObject): ConfigObject {
  const filled = configObject([...Object.entries(loadBalancer), ["servers", [server]]]);
  return configObject([...Object.entries(service), ["loadBalancer", filled]]);
}

export function noLoadBalancer(protocol: "http" | "tcp" | "udp", name: string, subject: Subject): FilledService {
  const type = fileOnlyType(protocol, name, subject);
  if (type !== undefined) {
    return refuseService({
      code: "INSTANCE_NO_LOAD_BALANCER",
      message: `service ${JSON.stringify(name)} is of type ${type}, which cannot be written in tags, for Traefik neither`,
      remedy: `share the traffic of one service by the tag portolan.weight on its instances, or define ${JSON.stringify(name)} in a file of the snippets folder (snippets) and remove its tags`,
    });
  }
  const field = protocol === "http" ? "scheme=http" : "port=24000";
  return refuseService({
    code: "INSTANCE_NO_LOAD_BALANCER",
    message: `${protocol === "http" ? "" : `${protocol} `}service ${JSON.stringify(name)} has no load balancer`,
    remedy: `give it one, for example ${nameInText(`traefik.${protocol}.services.${name}.loadbalancer.server.${field}`)}, or drop the tag`,
  });
}

export function noAddress(): FilledService {
  return refuseService({
    code: "INSTANCE_NO_ADDRESS",
    message: "neither the service nor its node has an address",
    remedy: "register the service with an address",
  });
}

/** Nomad registers a service block without a port label with port 0, or with none. */
export function noPort(protocol: Protocol, name: string, { settings }: Pick<Subject, "settings">): FilledService {
  const found = "the service is registered without a port, and no tag server.port names one";
  return refuseService(noPortFinding(protocol, name, settings.traefik.prefix, found));
}

export function noPortFinding(
  protocol: Protocol,
  name: string,
  prefix: string,
  message = `the backend of service ${JSON.stringify(name)} has port 0, which is none`,
): Finding {
  return {
    code: "INSTANCE_NO_PORT",
    message,
    remedy: `give the service block of the job a port label (port = "…"), or add the tag ${nameInText(`${prefix}.${protocol}.services.${name}.loadbalancer.server.port=…`)}`,
  };
}

/** What a service of these labels is of, where Traefik reads it from files only. */
function fileOnlyType(protocol: string, name: string, { labels }: Subject): string | undefined {
  const start = foldCase(`traefik.${protocol}.services.${name}.`);
  for (const key of labels.keys()) {
    const folded = foldCase(key);
    const type = FILE_ONLY_TYPES.find((one) => folded.startsWith(`${start}${foldCase(one)}`));
    if (type !== undefined) return type;
  }
  return undefined;
}

const FILE_ONLY_TYPES = ["weighted", "highestRandomWeight", "mirroring", "failover"];

export function textOf(value: ConfigValue | undefined): string {
  return value === undefined ? "" : String(value);
}

export function refuseService({ code, message, remedy, opens }: Finding): FilledService {
  return { kind: "refused", finding: { code, message, remedy, ...(opens && { opens }) } };
}
