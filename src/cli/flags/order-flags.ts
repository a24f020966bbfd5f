import { DEFAULT_LISTEN } from "../../config/files/listen-address.ts";
import { SETTINGS_VARIABLE } from "../../config/files/settings-file.ts";
import type { Flag } from "../command-line/command-line.ts";
import { SETTINGS_FLAG } from "../command-line/flags.ts";

/** Flags of every command that gives an order to the daemon that runs. */
export const ORDER_FLAGS: readonly Flag[] = [
  { name: "state-dir", value: "DIR", help: "its state directory (default: what it says at --listen)" },
  { name: "listen", value: "HOST:PORT", help: `where it is asked for that (default ${DEFAULT_LISTEN})` },
  { ...SETTINGS_FLAG, help: `its settings, which name both (${SETTINGS_VARIABLE})` },
];
