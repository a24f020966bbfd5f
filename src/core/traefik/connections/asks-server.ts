import type { ConfigObject, Section } from "../chart/dynamic-config.ts";
import { connectionsOf } from "./connections.ts";

/**
 * Does Traefik ask a server that this middleware names before a request passes it: a `forwardAuth`, the Redis of a rate limit? Once
 * its service has left, the port that it names may be another service's, which would see the visitors' requests and say
 * which of them pass. What a plugin connects to only its code knows.
 */
export function asksServer(section: Section, middleware: ConfigObject): boolean {
  return "plugin" in middleware || connectionsOf(section, middleware).length > 0;
}
