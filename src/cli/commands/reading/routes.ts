import { ASKED } from "../../../api/client/asked.ts";
import type { RouteRow } from "../../../api/resources/routes.ts";
import { EXIT_CODES } from "../../../base/errors.ts";
import { printable } from "../../../base/printable.ts";
import type { IngressNode } from "../../../core/ports/ledger/ingress-nodes.ts";
import { type FlagValues, usageError } from "../../command-line/command-line.ts";
import { ageOf } from "../../text/age.ts";
import { coloursFor } from "../../text/colour.ts";
import { fittedTable, widthOf } from "../../text/fitted-table.ts";
import { markdownTable } from "../../text/markdown-table.ts";
import { hostsFile } from "../../text/routes/hosts-file.ts";
import { routedHosts } from "../../text/routes/routed-names.ts";
import { askDaemon, askForRoutes, printAnswer, queryFrom } from "./ask-daemon.ts";
import { eventText, latestEvent, untilStopped, watchEvents } from "./watch-events.ts";

/** Does what `routesCommand` says. Resolves to the exit code. */
export async function run(given: FlagValues): Promise<number> {
  const format = formatOf(given);
  const flags = format === "json" ? { ...given, json: "true" } : given;
  if (flags["watch"] !== undefined && flags["state"] !== undefined) {
    throw usageError("routes: found --watch with --state; what happens to a route is no state: leave out one of them");
  }
  // What happens while the table is read comes behind it, and once more perhaps; nothing is missed.
  const after = flags["watch"] === undefined ? undefined : await latestEvent(flags);
  const ingress = format === "hosts" ? await ingressAddresses(flags) : [];
  const routes = await askForRoutes(flags, queryFrom(flags, ["host", "service", "router", "state", "chart"]));
  const printRoutes = () =>
    printAnswer(flags, { routes }, () => {
      if (format === "hosts") return hostsFile(routedHosts(onlyHost(routes, flags["host"])), ingress);
      if (format === "markdown") return routesMarkdown(routes);
      return routesText(routes, Date.now(), widthOf(process.stdout));
    });
  if (after === undefined || flags["json"] === undefined) printRoutes();
  if (routes.length === 0 && after === undefined) process.stderr.write("no routes\n");
  if (after !== undefined) await printEvents(flags, after);
  return EXIT_CODES.ok;
}

function formatOf(flags: FlagValues): string {
  const { format = flags["json"] === undefined ? "table" : "json" } = flags;
  const problem =
    flags["json"] !== undefined && format !== "json"
      ? "--json; leave out one of them"
      : flags["watch"] !== undefined && (format === "hosts" || format === "markdown")
        ? "--watch; what happens is told as a table or as JSON: leave out one of them"
        : undefined;
  if (problem !== undefined) throw usageError(`routes: found --format ${format} with ${problem}`);
  if (flags["ingress"] !== undefined && format !== "hosts") {
    throw usageError("routes: found --ingress without --format hosts, to which alone it belongs");
  }
  return format;
}

/** Where the load balancer listens: as the operator says here, else by the ledger of the portolan that runs. */
async function ingressAddresses(flags: FlagValues): Promise<readonly IngressNode[]> {
  const { parseIngress, withAddresses } = await import("../../../app/name-check/ingress-addresses.ts");
  if (flags["ingress"] !== undefined) return parseIngress(flags["ingress"], "routes");
  const { ingress } = await askDaemon(flags, ASKED.status, {});
  return withAddresses(ingress, "routes --format hosts");
}

/** A router that takes one host may take others besides. */
function onlyHost(routes: readonly RouteRow[], host: string | undefined): readonly RouteRow[] {
  if (host === undefined) return routes;
  const wanted = host.toLowerCase().replace(/\.$/, "");
  return routes.map((route) => ({ ...route, hosts: route.hosts.filter((one) => one === wanted || one.includes("*")) }));
}

/** Prints what happens until Ctrl-C: with --json a line of JSON each. */
async function printEvents(flags: FlagValues, after: number): Promise<void> {
  const colours = coloursFor(process.stdout, process.env);
  const isJson = flags["json"] !== undefined;
  await watchEvents(
    flags,
    {
      query: queryFrom(flags, ["host", "service", "router", "chart"]),
      after,
      event(event) {
        process.stdout.write(isJson ? `${printable(JSON.stringify(event))}\n` : eventText(event, colours));
      },
      note: (text) => process.stderr.write(`portolan: ${printable(text)}\n`),
    },
    untilStopped(),
  );
}

/** The table. @param nowMs to say since when, milliseconds since the epoch */
export function routesText(routes: readonly RouteRow[], nowMs: number, width: number | undefined): string {
  if (routes.length === 0) return "";
  const hasCharts = areOfCharts(routes);
  const heads = ["HOST", "PATH", "ENTRY POINTS", "SERVICE", "SERVERS", "STATE", "SINCE", "OWNER"];
  const rows = routes.map((route) => [
    ...(hasCharts ? [route.chart] : []),
    ...firstCells(route, ","),
    `${route.isSinceStart ? ">" : ""}${ageOf(route.since, nowMs)}`,
    ownerCell(route),
  ]);
  return fittedTable([...(hasCharts ? ["CHART"] : []), ...heads], rows, width, "HOST");
}

/** The table for a wiki: nothing in it changes as time passes. */
export function routesMarkdown(routes: readonly RouteRow[]): string {
  const hasCharts = areOfCharts(routes);
  const heads = ["Host", "Path", "Entry points", "Service", "Servers", "State", "Owner"];
  const rows = routes.map((route) => [
    ...(hasCharts ? [route.chart] : []),
    ...firstCells(route, ", "),
    ownerCell(route),
  ]);
  return markdownTable([...(hasCharts ? ["Chart"] : []), ...heads], rows);
}

/** Of more than one chart. */
function areOfCharts(routes: readonly RouteRow[]): boolean {
  return routes.some(({ chart }) => chart !== routes[0]?.chart);
}

/** Hosts to state. UDP has no hosts. */
function firstCells(route: RouteRow, separator: string): readonly string[] {
  const { hosts, paths, entryPoints, service, protocol, servers, state } = route;
  return [
    protocol === "udp" ? "(udp)" : hosts.join(separator),
    paths.join(separator),
    entryPoints.join(separator) || "(default)",
    protocol === "http" ? service : `${service} (${protocol})`,
    String(servers.length),
    state,
  ];
}

/** The service, with its job and group where Nomad says so; else the file that defines the router. */
function ownerCell({ owner, definedIn, instances }: RouteRow): string {
  if (owner === null) return definedIn ?? "";
  const task = instances.find(({ job, toldBy }) => job !== undefined && toldBy === "nomad");
  if (task === undefined) return owner;
  const place = [task.job, ...(task.group === undefined ? [] : [task.group])].join("/");
  return `${owner} (job ${place})`;
}
