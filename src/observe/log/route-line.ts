import { count } from "../../base/count.ts";
import type { RouteChange } from "../../core/changes/route-change.ts";
import type { ServerChange } from "../../core/changes/server-change.ts";
import { maskRule } from "../../core/traefik/rule/mask-rule.ts";
import { withoutCredentials } from "../../core/traefik/url-credentials.ts";
import { nomadWords } from "../nomad-words.ts";
import { changeReason } from "./change-reason.ts";
import type { EventName } from "./events.ts";
import { bytesOf, cutToBytes } from "./text-size.ts";

/** One line for one router: what happened, where, why. */
export interface RouteLine {
  readonly event: EventName;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a line of the log may take, so that any collector takes it; level, time and the name of an edge come to it. */
const MOST_BYTES = 1_880;
/** Of that, for each text that the catalog may make as long as it likes; the rule gets half of what is left then. */
const MOST_OF = { name: 100, entryPoint: 33, why: 160, serversInMessage: 300 };

export function routeLine(change: RouteChange): RouteLine {
  const { kind, protocol, servers, serversAdded, serversRemoved } = change;
  const router = cutToBytes(change.router, MOST_OF.name);
  const service = change.service && cutToBytes(change.service, MOST_OF.name);
  const entryPoints = change.entryPoints
    .slice(0, MOST_ENTRY_POINTS)
    .map((name) => cutToBytes(name, MOST_OF.entryPoint));
  const why = cutToBytes(changeReason(change.why), MOST_OF.why);
  const label = protocol === "http" ? router : `${router} (${protocol} at ${entryPointWords(entryPoints)})`;
  const facts = [
    ...(serversAdded.length > 0 ? [`→ ${serverWords("+", serversAdded)}`] : []),
    ...(serversRemoved.length > 0 ? [serverWords("-", serversRemoved)] : []),
    `[${count(servers, "server")}]`,
    `(${reasonWords(change, why)})`,
  ];
  const lineOf = (rule: string): RouteLine => ({
    event: `route.${kind}`,
    message: [`route ${label} ${verb(change)}:`, ...(rule === "" ? [] : [rule]), ...facts].join(" "),
    data: { router, protocol, rule, entryPoints, service, servers, added: [], removed: [], why },
  });
  const line = lineOf(cutToBytes(maskRule(change.rule), (MOST_BYTES - lineBytes(lineOf(""))) / 2));
  return { ...line, data: { ...line.data, ...serverData(change, MOST_BYTES - lineBytes(line)) } };
}

function lineBytes({ event, message, data }: RouteLine): number {
  return bytesOf(event) + bytesOf(message) + bytesOf(data);
}

const MOST_ENTRY_POINTS = 3;

function entryPointWords(names: readonly string[]): string {
  return names.length === 0 ? "the default entry points" : names.join(", ");
}

/** Where only servers came and went, each reason that one of them has; else the router's. */
function reasonWords({ kind, serversAdded, serversRemoved }: RouteChange, why: string): string {
  if (kind !== "servers") return why;
  const reasons = new Set([...serversAdded, ...serversRemoved].map((server) => changeReason(server.why)));
  return cutToBytes([...reasons].slice(0, MOST_REASONS).join("; "), MOST_OF.why) || why;
}

const MOST_REASONS = 3;

function verb({ kind, protocol, serversAdded, serversRemoved, why }: RouteChange): string {
  const answering = (status: number) => (protocol === "http" ? ` (${status})` : "");
  switch (kind) {
    case "added":
      return "came";
    case "removed":
      return `went${answering(404)}`;
    case "changed":
      return "changed";
    case "emptied":
      return `has no server left${why.kind === "asleep" && why.page !== undefined ? "" : answering(503)}`;
    case "restored":
      return "is back";
    case "servers":
      if (serversRemoved.length === 0) return `gained ${serversAdded.length === 1 ? "a server" : "servers"}`;
      if (serversAdded.length === 0) return `lost ${serversRemoved.length === 1 ? "a server" : "servers"}`;
      return "moved";
  }
}

/** The servers that came and went, as many as the line has room for, and how many more there are; all are in the chart. */
function serverData({ serversAdded, serversRemoved }: RouteChange, bytes: number): Readonly<Record<string, unknown>> {
  let room = bytes - bytesOf({ untold: serversAdded.length + serversRemoved.length });
  const fitting = (servers: readonly ServerChange[]) => {
    const told: unknown[] = [];
    for (const { url, why, instance, canaryPercent } of servers) {
      const one = {
        url: withoutCredentials(url),
        why: changeReason(why),
        ...(instance === undefined ? {} : { instance }),
        ...(canaryPercent === undefined ? {} : { canaryPercent }),
      };
      room -= bytesOf(one) + 1;
      if (room < 0) break;
      told.push(one);
    }
    return told;
  };
  const [added, removed] = [fitting(serversAdded), fitting(serversRemoved)];
  const untold = serversAdded.length + serversRemoved.length - added.length - removed.length;
  return { added, removed, ...(untold === 0 ? {} : { untold }) };
}

const MOST_IN_MESSAGE = 4;

/** The first servers, each with its mark (`+` or `-`), and how many more there are. */
function serverWords(mark: string, servers: readonly ServerChange[]): string {
  const named: string[] = [];
  let room = MOST_OF.serversInMessage;
  for (const server of servers.slice(0, MOST_IN_MESSAGE)) {
    const share = server.canaryPercent === undefined ? "" : `, a canary with ${server.canaryPercent} % of the requests`;
    const words = `${mark}${withoutCredentials(server.url)}${instanceWords(server)}${share}`;
    room -= bytesOf(words);
    if (room < 0) break;
    named.push(words);
  }
  const more = servers.length - named.length;
  return [...named, ...(more > 0 ? [`${mark}${more} more`] : [])].join(" ");
}

/** On which node and in which task of Nomad's the server's instance runs, where that is known. */
function instanceWords({ instance }: ServerChange): string {
  if (instance === undefined) return "";
  const catalog = instance.catalog === undefined ? "" : `${instance.catalog}:`;
  return ` on ${catalog}${instance.node}${nomadWords(instance)}`;
}
