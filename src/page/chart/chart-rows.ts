import type { RouteRow } from "../../api/resources/routes.ts";

/** Routers below the host that they answer for: a heading, then each of them. */
export type ChartRow =
  | { readonly kind: "host"; readonly key: string; readonly host: string; readonly routes: readonly RouteRow[] }
  | { readonly kind: "route"; readonly key: string; readonly route: RouteRow };

/** Of a router without a host, such as one of UDP. */
export const NO_HOST = "";

/**
 * The rows of the chart: hosts in the order of their names read from the right (`lab.local` before `wiki.lab.local`, all of
 * one domain together), then what matches any host, then what has none. A router that answers for several hosts stands below
 * each of them.
 */
export function chartRows(routes: readonly RouteRow[]): readonly ChartRow[] {
  const byHost = new Map<string, RouteRow[]>();
  for (const route of routes) {
    for (const host of route.hosts.length === 0 ? [NO_HOST] : new Set(route.hosts)) {
      const others = byHost.get(host);
      if (others === undefined) byHost.set(host, [route]);
      else others.push(route);
    }
  }
  const hosts = [...byHost.keys()].map((host) => ({ host, order: orderOf(host) }));
  hosts.sort((one, other) => compare(one.order, other.order));
  return hosts.flatMap(({ host }): readonly ChartRow[] => {
    const below = (byHost.get(host) ?? []).toSorted(byPath);
    return [
      { kind: "host", key: `host ${host}`, host, routes: below },
      ...below.map((route): ChartRow => ({ kind: "route", key: `${host} ${route.id}`, route })),
    ];
  });
}

/** How many hosts there are: each once, `*` and none are no hosts. */
export function hostCount(rows: readonly ChartRow[]): number {
  return rows.filter((row) => row.kind === "host" && row.host !== NO_HOST && row.host !== "*").length;
}

const orders = new Map<string, string>();

function orderOf(host: string): string {
  const known = orders.get(host);
  if (known !== undefined) return known;
  if (orders.size > 50_000) orders.clear();
  // Behind all names.
  const order = host === NO_HOST ? "\uffff\uffff" : host === "*" ? "\uffff" : host.split(".").reverse().join("\u0000");
  orders.set(host, order);
  return order;
}

function byPath(one: RouteRow, other: RouteRow): number {
  return compare(one.paths.join(), other.paths.join()) || compare(one.id, other.id);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Of a router so many servers are shown; the others are counted. */
export const MOST_SERVERS = 3;

/** How many lines the servers of a router take: one each, one for the rest, one where there is none. */
export function serverLines({ servers }: RouteRow): number {
  return servers.length > MOST_SERVERS ? MOST_SERVERS + 1 : Math.max(1, servers.length);
}
