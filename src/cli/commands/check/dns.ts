import { ASKED } from "../../../api/client/asked.ts";
import { type CheckedName, checkNames } from "../../../app/name-check/check-names.ts";
import { parseIngress, withAddresses } from "../../../app/name-check/ingress-addresses.ts";
import { type NameResolver, resolverAt, systemResolver } from "../../../app/name-check/name-resolver.ts";
import { count } from "../../../base/count.ts";
import { AppError, EXIT_CODES } from "../../../base/errors.ts";
import { printable } from "../../../base/printable.ts";
import type { FlagValues } from "../../command-line/command-line.ts";
import { zoneRecord } from "../../text/routes/hosts-file.ts";
import { type RoutedHosts, routedHosts } from "../../text/routes/routed-names.ts";
import { askDaemon, askForRoutes } from "../reading/ask-daemon.ts";
import { ofDaemonElse } from "../reading/without-daemon.ts";
import { type HostsOfCharts, hostsOfFile, hostsToCome } from "./hosts-of-charts.ts";
import { type Problem, tell } from "./report.ts";

/** Does what `checkDnsCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues): Promise<number> {
  const named = flags["ingress"] === undefined ? undefined : parseIngress(flags["ingress"], "check dns");
  const resolver = flags["resolver"] === undefined ? systemResolver() : resolverAt(flags["resolver"]);
  const { hosts, ingress: known } = await routedNow(flags);
  const ingress = withAddresses(named ?? known, "check dns");
  const names = [
    ...hosts.names.map(({ name }) => name),
    ...hosts.others.filter(({ kind }) => kind === "wildcard").map(({ host }) => host),
  ];
  const addresses = ingress.map(({ address }) => address);
  const checked = await checkNames(names, addresses, resolver);
  refuseSilence(checked, resolver);
  return tell(
    {
      subject: `${count(checked.length, "routed host")} by ${resolver.title}, ingress ${addresses.join(", ")}`,
      problems: [...checked.flatMap((one) => problemOf(one, addresses)), ...notAsked(hosts)],
    },
    flags,
  );
}

async function routedNow(flags: FlagValues): Promise<HostsOfCharts> {
  const { file } = flags;
  if (file !== undefined) return await hostsOfFile(file, flags);
  const ofDaemon = async () => {
    const [routes, { ingress }] = await Promise.all([askForRoutes(flags, {}), askDaemon(flags, ASKED.status, {})]);
    return { hosts: routedHosts(routes), ingress };
  };
  return await ofDaemonElse(flags, ofDaemon, hostsToCome);
}

function refuseSilence(checked: readonly CheckedName[], { title }: NameResolver): void {
  const [first] = checked;
  if (first === undefined || checked.some(({ verdict }) => verdict !== "unanswered")) return;
  throw new AppError(
    `check dns: ${title} answers nothing (${first.failure}); name one that does: --resolver 192.168.11.53`,
    { code: "E_DNS_AWAY", retryable: true, exitCode: EXIT_CODES.unavailable },
  );
}

const CODES = {
  nowhere: "DNS_MISSING",
  elsewhere: "DNS_ELSEWHERE",
  mixed: "DNS_MIXED",
  unanswered: "DNS_UNANSWERED",
} as const;

function problemOf(checked: CheckedName, ingress: readonly string[]): readonly Problem[] {
  const { name, verdict, failure } = checked;
  if (verdict === "right") return [];
  const isUnanswered = verdict === "unanswered";
  const records = ingress.map((address) => zoneRecord(name, address));
  const lines = ingress.map((address) => `${address} ${name}`);
  return [
    {
      code: CODES[verdict],
      severity: "error",
      place: name,
      message: said(checked, ingress),
      remedy: isUnanswered
        ? `ask again, or another server (--resolver); ${failure === "ECNAMELOOP" ? "its CNAMEs go in a circle, or on without end: correct them" : "see what its server says"}`
        : "in the zone, in place of what is there; or in a hosts file, which takes no wildcards; where a proxy or a tunnel stands in front: --ingress ADDRESS",
      ...(isUnanswered ? {} : { shown: [...records, ...(name.startsWith("*.") ? [] : lines)] }),
    },
  ];
}

function said({ name, verdict, addresses, failure }: CheckedName, ingress: readonly string[]): string {
  const found = addresses.join(", ");
  const asked = name.startsWith("*.") ? "a name below it " : "it ";
  switch (verdict) {
    case "nowhere":
      return `${asked}has no address; ${ingress.join(", ")} is allowed`;
    case "unanswered":
      return `${asked}was asked for, and not answered completely (${failure})${found === "" ? "" : `; found ${found}`}`;
    default:
      return `${asked}leads to ${found}; ${ingress.join(", ")} is allowed`;
  }
}

/** What no name can be asked for, so that the reader does not take it for sound. */
function notAsked({ others }: RoutedHosts): readonly Problem[] {
  return others
    .filter(({ kind }) => kind === "pattern" || kind === "no-name")
    .map(({ host, routers }) => ({
      code: "DNS_NOT_ASKED",
      severity: "info" as const,
      place: printable(host),
      message: `of ${routers.slice(0, 3).join(", ")}: no name that could be asked for`,
      remedy: "",
    }));
}
