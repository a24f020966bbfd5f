import type { Command } from "../command-line/command-line.ts";

export const demoCommand: Command = {
  name: "demo",
  summary: "show everything with an embedded catalog, until Ctrl-C",
  help: [
    "Starts a Consul-compatible catalog with a small homelab, real backends, and the daemon, which writes",
    "./portolan-demo/dynamic/portolan.yml. Then life goes on: deploys, failures, a catalog that goes away. With traefik on the",
    "PATH it is started too and answers real requests. Everything listens on 127.0.0.1 only. The folder stays afterwards;",
    "each run begins with a fresh state.",
  ].join("\n"),
  flags: [
    { name: "log-level", value: "LEVEL", help: "debug, info, warn or error (default info)" },
    { name: "log-format", value: "FORMAT", help: "json or pretty (default pretty)" },
  ],
  // Loaded on demand: the daemon needs neither the catalog nor the backends of the demo in its memory.
  run: async (flags) => (await import("../../demo/demo-run.ts")).runDemo(flags),
};
