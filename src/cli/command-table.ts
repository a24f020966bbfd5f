import type { CommandRow } from "./command-line/command-line.ts";

/** Every command, in the order of the help. Each is loaded when it is asked for, with its own modules alone. */
export const COMMANDS: readonly CommandRow[] = [
  {
    name: "run",
    group: "run",
    summary: "watch the catalog and keep the chart up to date",
    load: async () => (await import("./commands/run.ts")).runCommand,
  },
  {
    name: "once",
    group: "run",
    summary: "read the catalog once, write the chart, and end",
    load: async () => (await import("./commands/once.ts")).onceCommand,
  },
  {
    name: "demo",
    group: "run",
    summary: "show everything with an embedded catalog, until Ctrl-C",
    load: async () => (await import("./commands/demo.ts")).demoCommand,
  },
  {
    name: "explain",
    group: "why",
    summary: "say why something is routed, or why it is not, and what to do",
    load: async () => (await import("./commands/reading/explain.ts")).explainCommand,
  },
  {
    name: "status",
    group: "why",
    summary: "say how it stands: ready or why not, sources, chart, holds",
    load: async () => (await import("./commands/reading/status.ts")).statusCommand,
  },
  {
    name: "routes",
    group: "why",
    summary: "list the routes: state, since when, servers, whose",
    load: async () => (await import("./commands/reading/routes.ts")).routesCommand,
  },
  {
    name: "diagnostics",
    group: "why",
    summary: "list what is wrong with services, with the remedies",
    load: async () => (await import("./commands/reading/diagnostics.ts")).diagnosticsCommand,
  },
  {
    name: "holds",
    group: "why",
    summary: "list what is held, why, and what ends that",
    load: async () => (await import("./commands/reading/holds.ts")).holdsCommand,
  },
  {
    name: "history",
    group: "change",
    summary: "list earlier charts with what changed, or show one change",
    load: async () => (await import("./commands/reading/history.ts")).historyCommand,
  },
  {
    name: "plan",
    group: "change",
    summary: "say what a pass would change in the chart, and change nothing",
    load: async () => (await import("./commands/plan/plan.ts")).planCommand,
  },
  {
    name: "release",
    group: "change",
    summary: "end by hand what the running portolan holds",
    load: async () => (await import("./commands/orders/release.ts")).releaseCommand,
  },
  {
    name: "rollback",
    group: "change",
    summary: "publish an earlier chart again and hold it, or list those that are kept",
    load: async () => (await import("./commands/orders/rollback.ts")).rollbackCommand,
  },
  {
    name: "compare",
    group: "change",
    summary: "say what would change if portolan took the place of Traefik's own provider",
    load: async () => (await import("./commands/moving/compare.ts")).compareCommand,
  },
  {
    name: "check tags",
    group: "check",
    summary: "say what tags mean, or what is wrong with them",
    load: async () => (await import("./commands/check-tags.ts")).checkTagsCommand,
  },
  {
    name: "check policy",
    group: "check",
    summary: "say which services each rule of a policy is about, or what is wrong with it",
    load: async () => (await import("./commands/check-policy.ts")).checkPolicyCommand,
  },
  {
    name: "check ledger",
    group: "check",
    summary: "say what is wrong with a ledger of ports, or that nothing is",
    load: async () => (await import("./commands/check-ledger.ts")).checkLedgerCommand,
  },
  {
    name: "ports",
    group: "ports",
    summary: "list the ports that are registered or declared, with their status",
    load: async () => (await import("./commands/ports/ports.ts")).portsCommand,
  },
  {
    name: "ports ask",
    group: "ports",
    summary: "say whether a port is free on a node, and what to do if it is not",
    load: async () => (await import("./commands/ports/ports-ask.ts")).portsAskCommand,
  },
  {
    name: "ledger",
    group: "ports",
    summary: "compare the ledger of declared ports with the catalog",
    load: async () => (await import("./commands/ports/ledger.ts")).ledgerCommand,
  },
  {
    name: "firewall",
    group: "ports",
    summary: "list what the nodes' firewalls must let in, and from where",
    load: async () => (await import("./commands/ports/firewall.ts")).firewallCommand,
  },
  {
    name: "help",
    group: "about",
    summary: "list the commands, or say what one does",
    load: async () => (await import("./commands/help.ts")).helpCommand(COMMANDS),
  },
  {
    name: "completion",
    group: "about",
    summary: "print a script that completes commands, flags and values in a shell",
    load: async () => (await import("./commands/completion.ts")).completionCommand(COMMANDS),
  },
  {
    name: "version",
    group: "about",
    summary: "print the version",
    load: async () => (await import("./commands/version.ts")).versionCommand,
  },
];
