import type { Command } from "../command-line/command-line.ts";
import { LOG_FORMAT_FLAG, LOG_LEVEL_FLAG } from "../command-line/flags.ts";

export const demoCommand: Command = {
  name: "demo",
  summary: "show everything with an embedded catalog, until Ctrl-C",
  help: [
    "Starts a Consul-compatible catalog with a small homelab, real backends, and the daemon, which writes",
    "./portolan-demo/dynamic/portolan.yml, and prints the address of the page that shows all of it. Then life goes on: deploys,",
    "failures, a catalog that goes away. With traefik on the PATH it is started too and answers real requests. Everything",
    "listens on 127.0.0.1 only. The folder stays afterwards; each run begins with a fresh state.",
  ].join("\n"),
  flags: [LOG_LEVEL_FLAG, { ...LOG_FORMAT_FLAG, help: "(default pretty)" }],
  exitCodes: { 0: "ended by Ctrl-C", 73: "it cannot write here, or another demo runs here" },
  // Loaded on demand: the daemon needs neither the catalog nor the backends of the demo in its memory.
  run: async (flags) => (await import("../../demo/demo-run.ts")).runDemo(flags),
};
