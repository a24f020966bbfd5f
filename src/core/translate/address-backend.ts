import { knownNodeOf } from "../ports/ledger.ts";
import { judgePort } from "../ports/port-window.ts";
import { joinHostPort } from "../traefik/backend-url.ts";
import { type ConfigObject, configObject, isConfigObject } from "../traefik/chart/dynamic-config.ts";
import { type FilledService, noAddress, noLoadBalancer, noPort, refuseService, textOf } from "./backend.ts";
import type { Subject } from "./draft.ts";

/** The TCP or UDP service with this instance as its server: its address, with `server.port` instead of its port. */
export function withAddress(
  protocol: "tcp" | "udp",
  name: string,
  service: ConfigObject,
  { instance, server: registered, settings }: Subject,
): FilledService {
  const loadBalancer = service["loadBalancer"];
  if (!isConfigObject(loadBalancer)) return noLoadBalancer(protocol, name);
  const servers = loadBalancer["servers"];
  const first = Array.isArray(servers) ? servers[0] : undefined;
  const { port: asPort, ...rest } = isConfigObject(first) ? first : configObject();
  const { address } = registered;
  if (address === "") return noAddress();
  const port = textOf(asPort) || registered.port;
  if (port === "") return noPort();
  if (settings.compat === "none") {
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
      return {
        kind: "refused",
        finding: {
          code: "TAG_BAD_VALUE",
          message: `the backend of ${protocol} service ${JSON.stringify(name)} has the port ${JSON.stringify(port)}`,
          remedy: "server.port is a number up to 65535",
        },
      };
    }
    const wanted = {
      service: instance,
      port: Number(port),
      protocol,
      node: knownNodeOf(settings.ports.ledger, instance),
    };
    const verdict = judgePort(wanted, settings.ports);
    if (verdict.kind === "refused") return refuseService(verdict);
  }
  const server = configObject([["address", joinHostPort(address, port)], ...Object.entries(rest)]);
  const filled = configObject([...Object.entries(loadBalancer), ["servers", [server]]]);
  return { kind: "filled", service: configObject([...Object.entries(service), ["loadBalancer", filled]]) };
}
