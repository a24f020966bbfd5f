import { DEFAULT_SETTINGS_FILE, SETTINGS_VARIABLE } from "../../config/files/settings-file.ts";
import type { Flag } from "./command-line.ts";

export const SETTINGS_FLAG: Flag = {
  name: "settings",
  value: "FILE",
  help: `settings (${SETTINGS_VARIABLE}, ${DEFAULT_SETTINGS_FILE})`,
};

export const LOG_LEVEL_FLAG: Flag = {
  name: "log-level",
  value: "LEVEL",
  values: ["debug", "info", "warn", "error"],
  help: "(default info)",
};

export const LOG_FORMAT_FLAG: Flag = {
  name: "log-format",
  value: "FORMAT",
  values: ["auto", "json", "pretty"],
  help: "(default auto: pretty on a terminal)",
};

/** Flags of every command that works on settings. They win over the environment, which wins over the file. */
export const SETTINGS_FLAGS: readonly Flag[] = [
  SETTINGS_FLAG,
  { name: "consul-addr", value: "URL", help: "Consul's API (CONSUL_HTTP_ADDR, http://127.0.0.1:8500)" },
  {
    name: "nomad-addr",
    value: "URL",
    help: "Nomad's, charted in place of Consul (NOMAD_ADDR)",
  },
  { name: "output", value: "FILE", help: "the chart: a .yml file where Traefik watches" },
  { name: "state-dir", value: "DIR", help: "what must survive a restart; not where Traefik watches" },
  { name: "listen", value: "HOST:PORT", help: "health, metrics, status (default 127.0.0.1:9532)" },
  LOG_LEVEL_FLAG,
  LOG_FORMAT_FLAG,
];

/** A flag of commands that publish. */
export const CONFIRM_FLAG: Flag = {
  name: "confirm",
  help: "what the settings take away is meant: hold none of it",
};
