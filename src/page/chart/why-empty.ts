import type { StatusAnswer } from "../../api/resources/status.ts";
import { count } from "../../base/count.ts";
import type { Connection } from "../live/live.ts";
import type { Routes } from "../live/route-rows.ts";
import { timeOfDay } from "../parts/times.ts";

/** Why there is no route to show. */
export interface WhyEmpty {
  readonly title: string;
  readonly sentences: readonly string[];
  /** There are some, and the filter lets none of them through. */
  readonly isFiltered: boolean;
}

export function whyEmpty({
  text,
  routes,
  status,
  connection,
  nowMs,
}: {
  readonly text: string;
  readonly routes: Routes;
  readonly status: StatusAnswer | undefined;
  readonly connection: Connection;
  readonly nowMs: number;
}): WhyEmpty {
  if (routes.total === undefined) {
    return connection.kind === "away"
      ? { title: "The daemon does not answer", sentences: ["Nothing has been read from it yet."], isFiltered: false }
      : { title: "Reading the routes …", sentences: [], isFiltered: false };
  }
  if (routes.rows.length > 0) return { title: `Nothing matches “${text}”`, sentences: [], isFiltered: true };
  const unread = (status?.sources ?? []).filter(({ ageSeconds }) => ageSeconds === null);
  if (unread.length > 0) {
    return {
      title: "The catalog has not been read",
      sentences: unread.map(({ source, lastError, failingSeconds }) => {
        const since = failingSeconds === null ? "" : ` since ${timeOfDay(nowMs - failingSeconds * 1_000, nowMs)}`;
        return `${source}: ${lastError === null ? "no answer yet" : `${lastError.message} (${lastError.code})`}${since}`;
      }),
      isFiltered: false,
    };
  }
  const services = (status?.sources ?? []).reduce((sum, source) => sum + source.services, 0);
  return {
    title: "No routes",
    sentences: [
      services === 0
        ? "The catalog is read, and it has no service that asks for a route: a service does by the tag traefik.enable=true."
        : `The catalog has ${count(services, "service")}, and no router is published: see Attention.`,
    ],
    isFiltered: false,
  };
}
