import { ASKED } from "../../../api/client/asked.ts";
import { type CheckedName, checkNames } from "../../../app/name-check/check-names.ts";
import { parseIngress, withAddresses } from "../../../app/name-check/ingress-addresses.ts";
import { type NameResolver, resolverAt, systemResolver } from "../../../app/name-check/name-resolver.ts";
import { count } from "../../../base/count.ts";
import { AppError, EXIT_CODES } from "../../../base/errors.ts";
import { printable } from "../../../base/printable.ts";
import type { Command, FlagValues } from "../../command-line/command-line.ts";
import { SETTINGS_FLAGS } from "../../command-line/flags.ts";
import { zoneRecord } from "../../text/routes/hosts-file.ts";
import { type RoutedHosts, routedHosts } from "../../text/routes/routed-names.ts";
import { askDaemon, askForRoutes } from "../reading/ask-daemon.ts";
import { OF_THE_CATALOG, ofDaemonElse } from "../reading/without-daemon.ts";
import { type HostsOfCharts, hostsOfFile, hostsToCome } from "./hosts-of-charts.ts";
import { CHECK_EXIT_CODES, JSON_FLAG, type Problem, tell } from "./report.ts";

const FLAG_NAMES = ["settings", ...OF_THE_CATALOG, "listen"];

export const checkDnsCommand: Command = {
  name: "check dns",
  summary: "say which routed hosts do not lead to the load balancer by DNS",
  help: [
    "Asks for A and AAAA of each routed host, and compares them with the addresses of the load balancer's nodes (ledger: ingress,",
    "nodes). A wildcard is asked for by a name that no record has. Hosts are those of the portolan that runs; without one, those of what a",
    "pass would decide now, from the catalog; or those of a chart. Where a tunnel or a proxy stands in front, --ingress names its addresses.",
  ].join("\n"),
  flags: [
    { name: "resolver", value: "IP[:PORT]", help: "a DNS server (default: as this machine resolves)" },
    { name: "ingress", value: "ADDRESS,…", help: "where names have to lead, in place of the ledger's nodes" },
    { name: "file", value: "FILE", help: "hosts of this chart" },
    ...SETTINGS_FLAGS.filter(({ name }) => FLAG_NAMES.includes(name)),
    JSON_FLAG,
  ],
  exitCodes: {
    ...CHECK_EXIT_CODES,
    0: "every host leads to the load balancer, and nowhere else",
    1: "a host does not, or is not known to",
    69: "the resolver answers nothing, or neither a portolan nor a catalog answers",
    73: "without a portolan: chart or state may not be read",
    78: "bad settings, or no address of an ingress node is known",
  },
  async run(flags) {
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
  },
};

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
