import type { Finding } from "../diagnostics/finding.ts";
import { joinHostPort } from "../traefik/backend-url.ts";
import { type ConfigObject, type ConfigValue, configObject, isConfigObject } from "../traefik/chart/dynamic-config.ts";
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
  if (!isConfigObject(loadBalancer)) return noLoadBalancer("http", name);
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
  const { address, weight } = registered;
  if (address === "") return noAddress();
  const port = portTag || registered.port;
  if (urlTag === "" && port === "") return noPort();
  const url = urlTag || `${scheme || registered.scheme}://${joinHostPort(address, port)}`;
  const server = configObject([
    ["url", url],
    ...(weight === undefined ? [] : [["weight", weight] as const]),
    ...Object.entries(rest),
  ]);
  const refused = rules.judgeServerUrl(name, url, subject);
  if (refused !== undefined) return refuseService(refused);
  return { kind: "filled", service: fill(service, loadBalancer, server) };
}

function fill(service: ConfigObject, loadBalancer: ConfigObject, server: ConfigObject): ConfigObject {
  const filled = configObject([...Object.entries(loadBalancer), ["servers", [server]]]);
  return configObject([...Object.entries(service), ["loadBalancer", filled]]);
}

export function noLoadBalancer(protocol: string, name: string): FilledService {
  const field = protocol === "http" ? "scheme=http" : "port=24000";
  return refuseService({
    code: "INSTANCE_NO_LOAD_BALANCER",
    message: `${protocol === "http" ? "" : `${protocol} `}service ${JSON.stringify(name)} has no load balancer`,
    remedy: `give it one, for example traefik.${protocol}.services.${name}.loadbalancer.server.${field}, or drop the tag`,
  });
}

export function noAddress(): FilledService {
  return refuseService({
    code: "INSTANCE_NO_ADDRESS",
    message: "neither the service nor its node has an address",
    remedy: "register the service with an address",
  });
}

export function noPort(): FilledService {
  return refuseService({
    code: "INSTANCE_NO_PORT",
    message: "the service is registered without a port, and no tag server.port names one",
    remedy: "register the service with a port, or add a tag server.port",
  });
}

export function textOf(value: ConfigValue | undefined): string {
  return value === undefined ? "" : String(value);
}

export function refuseService({ code, message, remedy }: Finding): FilledService {
  return { kind: "refused", finding: { code, message, remedy } };
}
