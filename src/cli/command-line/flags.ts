import { DEFAULT_SETTINGS_FILE, SETTINGS_VARIABLE } from "../../config/files/settings-file.ts";
import type { Flag } from "./command-line.ts";

export const SETTINGS_FLAG: Flag = {
  name: "settings",
  value: "FILE",
  help: `YAML file with settings (${SETTINGS_VARIABLE}, else ${DEFAULT_SETTINGS_FILE})`,
};

/** Flags of every command that works on settings. They win over the environment, which wins over the file. */
export const SETTINGS_FLAGS: readonly Flag[] = [
  SETTINGS_FLAG,
  { name: "consul-addr", value: "URL", help: "Consul's HTTP API (default http://127.0.0.1:8500; CONSUL_HTTP_ADDR)" },
  {
    name: "nomad-addr",
    value: "URL",
    help: "Nomad's HTTP API: chart its native services in place of Consul (NOMAD_ADDR)",
  },
  { name: "output", value: "FILE", help: "the chart: a .yml file in the directory that Traefik watches" },
  { name: "state-dir", value: "DIR", help: "what must survive a restart; not the watched directory" },
  { name: "listen", value: "HOST:PORT", help: "health, readiness, metrics, status (default 127.0.0.1:9532)" },
  { name: "log-level", value: "LEVEL", help: "debug, info, warn or error (default info)" },
  { name: "log-format", value: "FORMAT", help: "json or pretty (default: pretty on a terminal)" },
];

/** A flag of commands that publish. */
export const CONFIRM_FLAG: Flag = {
  name: "confirm",
  help: "routes that the settings take away, compared with the run before, are meant to go: not held at this start",
};
