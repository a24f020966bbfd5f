import type { RouteChange, ServerChange } from "../core/changes.ts";
import type { EventName } from "./events.ts";

/** One line for one router: what happened, where, why. */
export interface RouteLine {
  readonly event: EventName;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const VERBS: Readonly<Record<RouteChange["kind"], string>> = {
  added: "came",
  removed: "went (404)",
  changed: "changed",
  servers: "moved",
  emptied: "has no server left (503)",
  restored: "is back",
};

export function routeLine(change: RouteChange): RouteLine {
  const { kind, router, rule, service, servers, serversAdded, serversRemoved, why } = change;
  const parts = [`route ${router} ${VERBS[kind]}: ${rule}`];
  if (serversAdded.length > 0) parts.push(`→ ${list("+", serversAdded)}`);
  if (serversRemoved.length > 0) parts.push(list("-", serversRemoved));
  parts.push(`[${servers} server${servers === 1 ? "" : "s"}]`);
  if (why !== "") parts.push(`(${why})`);
  return {
    event: `route.${kind}`,
    message: parts.join(" "),
    data: { router, rule, service, servers, added: serversAdded, removed: serversRemoved, why },
  };
}

const SHOWN = 4;

function list(sign: string, servers: readonly ServerChange[]): string {
  const shown = servers.slice(0, SHOWN).map(({ url }) => `${sign}${url}`);
  return [...shown, ...(servers.length > SHOWN ? [`${sign}${servers.length - SHOWN} more`] : [])].join(" ");
}
