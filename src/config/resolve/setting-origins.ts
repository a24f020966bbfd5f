/** A setting by its path in the file, for example `consul.address`. */
export type SettingPath = string;

/**
 * Environment variables that count, with the setting each stands for: the names that Consul's and Nomad's own tools read.
 * NOMAD_TOKEN_FILE is portolan's own, after the pattern of Consul's: a file can be rewritten when the token is rotated; and so
 * is the password of Traefik's API, for which Traefik has none.
 */
export const ENVIRONMENT: Readonly<Record<string, SettingPath>> = {
  CONSUL_HTTP_ADDR: "consul.address",
  CONSUL_HTTP_TOKEN: "consul.token",
  CONSUL_HTTP_TOKEN_FILE: "consul.tokenFile",
  CONSUL_CACERT: "consul.tls.caFile",
  CONSUL_CLIENT_CERT: "consul.tls.certFile",
  CONSUL_CLIENT_KEY: "consul.tls.keyFile",
  CONSUL_TLS_SERVER_NAME: "consul.tls.serverName",
  CONSUL_HTTP_SSL_VERIFY: "consul.tls.insecureSkipVerify",
  CONSUL_NAMESPACE: "consul.namespace",
  CONSUL_PARTITION: "consul.partition",
  NOMAD_ADDR: "nomad.address",
  NOMAD_TOKEN: "nomad.token",
  NOMAD_TOKEN_FILE: "nomad.tokenFile",
  NOMAD_REGION: "nomad.region",
  NOMAD_NAMESPACE: "nomad.namespace",
  NOMAD_CACERT: "nomad.tls.caFile",
  NOMAD_CLIENT_CERT: "nomad.tls.certFile",
  NOMAD_CLIENT_KEY: "nomad.tls.keyFile",
  NOMAD_TLS_SERVER_NAME: "nomad.tls.serverName",
  NOMAD_SKIP_VERIFY: "nomad.tls.insecureSkipVerify",
  PORTOLAN_TRAEFIK_API_PASSWORD: "traefik.api.password",
};

/** Flags that stand for a setting. They win over the environment, which wins over the file. */
export const FLAGS: Readonly<Record<string, SettingPath>> = {
  "consul-addr": "consul.address",
  "nomad-addr": "nomad.address",
  output: "output.file",
  "state-dir": "stateDir",
  listen: "listen",
  "log-level": "log.level",
  "log-format": "log.format",
};

/** Flags of `plan` that stand for a setting which is to be tried. */
export const TRIED_FLAGS: Readonly<Record<string, SettingPath>> = {
  policy: "policy",
  ledger: "ports.ledger",
  "traefik-version": "traefik.version",
};

/** Settings whose value must never be shown. */
export const SECRET_PATHS: ReadonlySet<SettingPath> = new Set(["consul.token", "nomad.token", "traefik.api.password"]);
