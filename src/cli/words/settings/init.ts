import type { Command } from "../../command-line/command-line.ts";
import { SETTINGS_FLAGS } from "../../command-line/flags.ts";
import { TRAEFIK_API_FLAGS } from "../../commands/moving/traefik-flags.ts";

const TAKEN = ["consul-addr", "nomad-addr", "output", "state-dir"];

export const settingsInitCommand: Command = {
  name: "settings init",
  summary: "write a first settings file, with what Consul, Nomad and Traefik say",
  help: [
    "Asks Consul, Nomad and Traefik's API at their usual addresses on this machine, or where flags and variables say, and writes a",
    "commented file (default portolan.yml; - is standard output): the ports that Nomad hands out, Traefik's version and entry points. What did not",
    "answer is a comment. A file that is there stays. From a Traefik with its own catalog provider: portolan migrate.",
  ].join("\n"),
  operands: "[FILE]",
  flags: [...SETTINGS_FLAGS.filter(({ name }) => TAKEN.includes(name)), ...TRAEFIK_API_FLAGS],
  exitCodes: {
    0: "written",
    73: "the file cannot be written, or is there already",
    78: "an address or a variable is none",
  },
  run: async (flags, operands) => (await import("../../commands/settings/init.ts")).run(flags, operands),
};
