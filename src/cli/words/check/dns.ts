import type { Command } from "../../command-line/command-line.ts";
import { SETTINGS_FLAGS } from "../../command-line/flags.ts";
import { CHECK_EXIT_CODES, JSON_FLAG } from "../../flags/check-flags.ts";
import { OF_THE_CATALOG } from "../../flags/daemon-flags.ts";

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
  run: async (flags) => (await import("../../commands/check/dns.ts")).run(flags),
};
