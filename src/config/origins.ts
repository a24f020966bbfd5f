/** A setting by its path in the file, for example `consul.address`. */
export type SettingPath = string;

/** Environment variables that count, with the setting each stands for. Consul's own names, as its tools read them. */
export const ENVIRONMENT: Readonly<Record<string, SettingPath>> = {
  CONSUL_HTTP_ADDR: "consul.address",
  CONSUL_HTTP_TOKEN: "consul.token",
  CONSUL_HTTP_TOKEN_FILE: "consul.tokenFile",
  CONSUL_CACERT: "consul.tls.caFile",
  CONSUL_CLIENT_CERT: "consul.tls.certFile",
  CONSUL_CLIENT_KEY: "consul.tls.keyFile",
  CONSUL_TLS_SERVER_NAME: "consul.tls.serverName",
  CONSUL_NAMESPACE: "consul.namespace",
  CONSUL_PARTITION: "consul.partition",
};

/** Flags that stand for a setting. They win over the environment, which wins over the file. */
export const FLAGS: Readonly<Record<string, SettingPath>> = {
  "consul-addr": "consul.address",
  output: "output.file",
  "state-dir": "stateDir",
  listen: "listen",
  "log-level": "log.level",
  "log-format": "log.format",
};

/** Settings whose value must never be shown. */
export const SECRET_PATHS: ReadonlySet<SettingPath> = new Set(["consul.token"]);
