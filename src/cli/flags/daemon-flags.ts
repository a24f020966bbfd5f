import { DEFAULT_LISTEN } from "../../config/files/listen-address.ts";
import { SETTINGS_VARIABLE } from "../../config/files/settings-file.ts";
import type { ExitCodeDocs, Flag } from "../command-line/command-line.ts";
import { SETTINGS_FLAG } from "../command-line/flags.ts";

/** Flags of every command that asks the portolan that runs. */
export const DAEMON_FLAGS: readonly Flag[] = [
  { name: "json", help: "print JSON, in which nothing is cut" },
  { name: "listen", value: "HOST:PORT", help: `where it is asked (default ${DEFAULT_LISTEN})` },
  { ...SETTINGS_FLAG, help: `its settings, for that address (${SETTINGS_VARIABLE})` },
];

/** The exit codes of such commands. */
export const DAEMON_EXIT_CODES: ExitCodeDocs = {
  0: "done",
  1: "a name is not known",
  69: "no portolan answers there",
  78: "bad settings",
};

/** The flags by which a command reads the catalog itself, where no portolan answers. */
export const OF_THE_CATALOG: readonly string[] = ["consul-addr", "nomad-addr", "output", "state-dir"];
