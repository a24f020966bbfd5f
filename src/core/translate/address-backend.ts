import { joinHostPort } from "../traefik/backend-url.ts";
import { CANARY_FIELD } from "../traefik/chart/canary-share.ts";
import { type ConfigObject, configObject, isConfigObject } from "../traefik/chart/dynamic-config.ts";
import { type FilledService, noAddress, noLoadBalancer, noPort, refuseService, textOf } from "./backend.ts";
import type { Subject } from "./draft.ts";

/** The TCP or UDP service with this instance as its server: its address, with `server.port` instead of its port. */
export function withAddress(
  protocol: "tcp" | "udp",
  name: string,
  service: ConfigObject,
  subject: Subject,
): FilledService {
  const { server: registered, rules } = subject;
  const loadBalancer = service["loadBalancer"];
  if (!isConfigObject(loadBalancer)) return noLoadBalancer(protocol, name, subject);
  const servers = loadBalancer["servers"];
  const first = Array.isArray(servers) ? servers[0] : undefined;
  const { port: asPort, ...rest } = isConfigObject(first) ? first : configObject();
  const { address, canaryPercent } = registered;
  if (address === "") return noAddress();
  const port = textOf(asPort) || registered.port;
  if (port === "") return noPort(protocol, name, subject);
  const refused = rules.judgeServerPort(protocol, name, port, subject);
  if (refused !== undefined) return refuseService(refused);
  const server = configObject([
    ["address", joinHostPort(address, port)],
    ...Object.entries(rest),
    ...(canaryPercent === undefined ? [] : [[CANARY_FIELD, canaryPercent] as const]),
  ]);
  const filled = configObject([...Object.entries(loadBalancer), ["servers", [server]]]);
  return { kind: "filled", service: configObject([...Object.entries(service), ["loadBalancer", filled]]) };
}
