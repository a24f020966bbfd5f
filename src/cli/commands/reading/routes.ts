import { ROUTES, type RouteRow } from "../../../api/resources/routes.ts";
import { ROUTE_STATES } from "../../../api/resources/words.ts";
import { EXIT_CODES } from "../../../base/errors.ts";
import type { Command, FlagValues } from "../../command-line/command-line.ts";
import { ageOf } from "../../text/age.ts";
import { fittedTable, widthOf } from "../../text/fitted-table.ts";
import { askDaemon, DAEMON_EXIT_CODES, DAEMON_FLAGS, printAnswer, queryFrom } from "./ask-daemon.ts";

export const routesCommand: Command = {
  name: "routes",
  summary: "list the routes: state, since when, servers, whose",
  help: [
    "One line for each router: the hosts and paths that it takes, at which entry points, the service it leads to, how many",
    "servers that has, its state, since when, and whose it is. Live; held: kept with its servers although no instance asks",
    "for it; emptied: without a server, it answers 503 and goes when its grace ends; sleeping: without a server, kept on wish.",
    "A service that is missing here: portolan explain SERVICE.",
  ].join("\n"),
  flags: [
    { name: "host", value: "HOST", help: "those that can take a request for this host" },
    { name: "service", value: "SERVICE", help: "those of this service" },
    { name: "router", value: "NAME", help: "the one of this name" },
    { name: "state", value: "STATE", values: ROUTE_STATES, help: "" },
    { name: "chart", value: "NAME", help: "those of this chart: main, or an edge's name" },
    ...DAEMON_FLAGS,
  ],
  exitCodes: DAEMON_EXIT_CODES,
  async run(flags) {
    const routes = await askForRoutes(flags);
    printAnswer(flags, { routes }, () => routesText(routes, Date.now(), widthOf(process.stdout)));
    if (routes.length === 0) process.stderr.write("no routes\n");
    return EXIT_CODES.ok;
  },
};

/** All pages. */
async function askForRoutes(flags: FlagValues): Promise<readonly RouteRow[]> {
  const query = queryFrom(flags, ["host", "service", "router", "state", "chart"]);
  const all: RouteRow[] = [];
  let after: string | undefined;
  do {
    const { routes, next } = await askDaemon(flags, ROUTES, { ...query, limit: PAGE_ROUTES, after });
    all.push(...routes);
    after = next ?? undefined;
  } while (after !== undefined);
  return all;
}

const PAGE_ROUTES = 5_000;

/** The table. @param nowMs to say since when, milliseconds since the epoch */
export function routesText(routes: readonly RouteRow[], nowMs: number, width: number | undefined): string {
  if (routes.length === 0) return "";
  const hasCharts = routes.some(({ chart }) => chart !== routes[0]?.chart);
  const heads = ["HOST", "PATH", "ENTRY POINTS", "SERVICE", "SERVERS", "STATE", "SINCE", "OWNER"];
  const rows = routes.map((route) => [
    hostCell(route),
    route.paths.join(","),
    route.entryPoints.join(",") || "(default)",
    route.protocol === "http" ? route.service : `${route.service} (${route.protocol})`,
    String(route.servers.length),
    route.state,
    `${route.isSinceStart ? ">" : ""}${ageOf(route.since, nowMs)}`,
    ownerCell(route),
  ]);
  if (!hasCharts) return fittedTable(heads, rows, width);
  return fittedTable(
    ["CHART", ...heads],
    rows.map((row, position) => [routes[position]?.chart ?? "", ...row]),
    width,
  );
}

/** UDP has no hosts. */
function hostCell({ hosts, protocol }: RouteRow): string {
  return protocol === "udp" ? "(udp)" : hosts.join(",");
}

/** The service, with its job and group where Nomad says so; else the file that defines the router. */
function ownerCell({ owner, definedIn, instances }: RouteRow): string {
  if (owner === null) return definedIn ?? "";
  const task = instances.find(({ job, toldBy }) => job !== undefined && toldBy === "nomad");
  if (task === undefined) return owner;
  const place = [task.job, ...(task.group === undefined ? [] : [task.group])].join("/");
  return `${owner} (job ${place})`;
}
