import type { RouteChange } from "../../core/changes/route-change.ts";
import type { ServerChange } from "../../core/changes/server-change.ts";
import { withoutCredentials } from "../../core/traefik/url-credentials.ts";
import { changeReason } from "./change-reason.ts";
import type { EventName } from "./events.ts";

/** One line for one router: what happened, where, why. */
export interface RouteLine {
  readonly event: EventName;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export function routeLine(change: RouteChange): RouteLine {
  const { kind, router, protocol, rule, service, servers, serversAdded, serversRemoved } = change;
  const why = changeReason(change.why);
  const label = protocol === "http" ? router : `${router} (${protocol})`;
  const parts = [rule === "" ? `route ${label} ${verb(change)}:` : `route ${label} ${verb(change)}: ${rule}`];
  if (serversAdded.length > 0) parts.push(`→ ${serverWords("+", serversAdded)}`);
  if (serversRemoved.length > 0) parts.push(serverWords("-", serversRemoved));
  parts.push(`[${servers} server${servers === 1 ? "" : "s"}]`);
  parts.push(`(${why})`);
  const [added, removed] = [serverData(serversAdded), serverData(serversRemoved)];
  return {
    event: `route.${kind}`,
    message: parts.join(" "),
    data: { router, protocol, rule, service, servers, added, removed, why },
  };
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

/** A line that a log collector takes; the number of servers is in it, and all of them are in the chart. */
const MOST_IN_DATA = 100;

function serverData(servers: readonly ServerChange[]): readonly unknown[] {
  return servers.slice(0, MOST_IN_DATA).map(({ url, why, ...instance }) => ({
    url: withoutCredentials(url),
    why: changeReason(why),
    ...instance,
  }));
}

const MOST_IN_MESSAGE = 4;

/** The first servers, each with its mark (`+` or `-`), and how many more there are. */
function serverWords(mark: string, servers: readonly ServerChange[]): string {
  const named = servers
    .slice(0, MOST_IN_MESSAGE)
    .map((server) => `${mark}${withoutCredentials(server.url)}${instanceWords(server)}`);
  const more = servers.length - MOST_IN_MESSAGE;
  return [...named, ...(more > 0 ? [`${mark}${more} more`] : [])].join(" ");
}

/** On which node and in which allocation the server's instance runs, where that is known. */
function instanceWords({ instance }: ServerChange): string {
  if (instance === undefined) return "";
  const catalog = instance.catalog === undefined ? "" : `${instance.catalog}:`;
  return ` on ${catalog}${instance.node}${instance.allocation === undefined ? "" : ` alloc ${instance.allocation}`}`;
}
