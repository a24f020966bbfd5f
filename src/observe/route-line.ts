import type { RouteChange } from "../core/changes/route-change.ts";
import type { ServerChange } from "../core/changes/server-change.ts";
import { withoutCredentials } from "../core/traefik/url-credentials.ts";
import type { EventName } from "./events.ts";
import { changeReason } from "./log/change-reason.ts";

/** One line for one router: what happened, where, why. */
export interface RouteLine {
  readonly event: EventName;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

function verb({ kind, protocol, serversAdded, serversRemoved }: RouteChange): string {
  const answering = (status: number) => (protocol === "http" ? ` (${status})` : "");
  switch (kind) {
    case "added":
      return "came";
    case "removed":
      return `went${answering(404)}`;
    case "changed":
      return "changed";
    case "emptied":
      return `has no server left${answering(503)}`;
    case "restored":
      return "is back";
    case "servers":
      if (serversRemoved.length === 0) return "gained a server";
      return serversAdded.length === 0 ? "lost a server" : "moved";
  }
}

export function routeLine(change: RouteChange): RouteLine {
  const { kind, router, protocol, rule, service, servers, serversAdded, serversRemoved } = change;
  const why = changeReason(change.why);
  const label = protocol === "http" ? router : `${router} (${protocol})`;
  const parts = [rule === "" ? `route ${label} ${verb(change)}:` : `route ${label} ${verb(change)}: ${rule}`];
  if (serversAdded.length > 0) parts.push(`→ ${list("+", serversAdded)}`);
  if (serversRemoved.length > 0) parts.push(list("-", serversRemoved));
  parts.push(`[${servers} server${servers === 1 ? "" : "s"}]`);
  parts.push(`(${why})`);
  return {
    event: `route.${kind}`,
    message: parts.join(" "),
    data: { router, protocol, rule, service, servers, added: shown(serversAdded), removed: shown(serversRemoved), why },
  };
}

/** A line that a log collector takes; the number of servers is in it, and all of them are in the chart. */
const MOST_IN_DATA = 100;

function shown(servers: readonly ServerChange[]): readonly Readonly<Record<string, unknown>>[] {
  return servers
    .slice(0, MOST_IN_DATA)
    .map((server) => ({ ...server, url: withoutCredentials(server.url), why: changeReason(server.why) }));
}

const SHOWN = 4;

function list(sign: string, servers: readonly ServerChange[]): string {
  const shown = servers.slice(0, SHOWN).map((server) => `${sign}${withoutCredentials(server.url)}${place(server)}`);
  return [...shown, ...(servers.length > SHOWN ? [`${sign}${servers.length - SHOWN} more`] : [])].join(" ");
}

function place({ instance }: ServerChange): string {
  if (instance === undefined) return "";
  const catalog = instance.catalog === undefined ? "" : `${instance.catalog}:`;
  return ` on ${catalog}${instance.node}${instance.allocation === undefined ? "" : ` alloc ${instance.allocation}`}`;
}
