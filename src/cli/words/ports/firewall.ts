import type { Command } from "../../command-line/command-line.ts";
import { SURVEY_FLAGS } from "../../flags/port-flags.ts";

export const firewallCommand: Command = {
  name: "firewall",
  summary: "list what the nodes' firewalls must let in, and from where",
  help: [
    "Derived from the ledger and the dynamic range; the catalog is asked only where an entry has clients, for the nodes that",
    "they are on: without its answer nothing is printed. The first rule that fits counts, and what",
    "no rule accepts is dropped. --format nftables prints the rules of one node as a file for nft -f, which begins with how to",
    "try it with an automatic way back; docs/firewall.md explains it. sysctl and nomad print the ports that the node's kernel",
    "must not take for outgoing connections, and that Nomad must not hand out. Nothing is applied. What the ledger does not say,",
    "so that a port stays closed, is told on standard error.",
  ].join("\n"),
  flags: [
    ...SURVEY_FLAGS.filter(({ name }) => name !== "observed").map((flag) =>
      flag.name === "format" ? { ...flag, values: ["table", "json", "nftables", "sysctl", "nomad"] } : flag,
    ),
    { name: "node", value: "NODE", help: "of this node; needed for a file where the nodes differ" },
  ],
  exitCodes: {
    0: "done",
    69: "Nomad did not answer about the dynamic range, or the catalog about the nodes of clients",
    78: "bad settings or ledger",
  },
  run: async (flags) => (await import("../../commands/ports/firewall.ts")).run(flags),
};
