import { ROUTE_STATES } from "../../../api/resources/words.ts";
import type { Command } from "../../command-line/command-line.ts";
import { DAEMON_EXIT_CODES, DAEMON_FLAGS } from "../../flags/daemon-flags.ts";

const ROUTE_FORMATS = ["table", "hosts", "json", "markdown"];

export const routesCommand: Command = {
  name: "routes",
  summary: "list the routes: state, since when, servers, whose",
  help: [
    "One line for each router: the hosts and paths that it takes, at which entry points, the service it leads to, how many",
    "servers that has, its state, since when, and whose it is. Live; held: kept with its servers although no instance asks",
    "for it; emptied: without a server, it answers 503 and goes when its grace ends; sleeping: without a server, kept on wish.",
    "Other forms: hosts for a hosts file, each routed host with the addresses of the load balancer's nodes (ledger: ingress,",
    "nodes); markdown for a wiki; json, the same as --json.",
    "A service that is missing here: portolan explain SERVICE.",
  ].join("\n"),
  flags: [
    { name: "host", value: "HOST", help: "those that can take a request for this host" },
    { name: "service", value: "SERVICE", help: "those of this service" },
    { name: "router", value: "NAME", help: "the one of this name" },
    { name: "watch", help: "then print what happens to them, until Ctrl-C" },
    { name: "state", value: "STATE", values: ROUTE_STATES, help: "" },
    { name: "chart", value: "NAME", help: "those of this chart: main, or an edge's name" },
    { name: "format", value: "FORMAT", values: ROUTE_FORMATS, help: "(default table)" },
    { name: "ingress", value: "ADDRESS,…", help: "with --format hosts: these in place of the ledger's" },
    ...DAEMON_FLAGS,
  ],
  exitCodes: {
    ...DAEMON_EXIT_CODES,
    78: "bad settings; or with --format hosts no address of an ingress node is known",
  },
  run: async (flags) => (await import("../../commands/reading/routes.ts")).run(flags),
};
