import { CHECK_INTERVAL, DOMAINS, NAMES_OF_CERTIFICATE } from "./bounds.ts";
import { bool, duration, int, int64, list, map, object, string } from "./schema.ts";

const DEPRECATED = { deprecated: true } as const;
const EMPTY_OK = { emptyOk: true } as const;
const FILE_ONLY = { fileOnly: true } as const;
const NOTHING = { connects: "nothing" } as const;
const CHECK = { connects: "check" } as const;

const proxyProtocol = { version: int({ default: 2 }) };
const sourceRange = { sourceRange: list(string()) };

const routers = object({
  entryPoints: list(string()),
  middlewares: list(string(), { refers: "middleware" }),
  service: string({ refers: "service" }),
  rule: string(),
  ruleSyntax: string(DEPRECATED),
  priority: int(),
  tls: object(
    {
      passthrough: bool(),
      options: string({ refers: "tlsOptions" }),
      certResolver: string(),
      domains: list(object({ main: string(), sans: list(string(), NAMES_OF_CERTIFICATE) }), DOMAINS),
    },
    EMPTY_OK,
  ),
});

const services = object({
  loadBalancer: object({
    servers: list(
      object({
        address: string({ ...FILE_ONLY, connects: "endpoint" }),
        port: string({ hidden: true, connects: "server" }),
        tls: bool(),
      }),
      { tagName: "server" },
    ),
    serversTransport: string({ refers: "serversTransport" }),
    proxyProtocol: object(proxyProtocol, { emptyOk: true, deprecated: true }),
    terminationDelay: int({ optional: true, deprecated: true }),
    healthCheck: object(
      {
        port: int(CHECK),
        send: string({ secret: true, ...CHECK }),
        expect: string(),
        interval: duration({ default: "30s", ...CHECK_INTERVAL }),
        unhealthyInterval: duration({ optional: true, ...CHECK_INTERVAL }),
        timeout: duration({ default: "5s" }),
      },
      EMPTY_OK,
    ),
  }),
  weighted: object(
    {
      services: list(object({ name: string({ refers: "service" }), weight: int({ optional: true, default: 1 }) })),
      healthCheck: object({}, EMPTY_OK),
    },
    FILE_ONLY,
  ),
});

const middlewares = object({
  inFlightConn: object({ amount: int64() }),
  ipWhiteList: object(sourceRange, DEPRECATED),
  ipAllowList: object(sourceRange),
});

const serversTransports = object({
  dialKeepAlive: duration({ default: "15s" }),
  dialTimeout: duration({ default: "30s" }),
  proxyProtocol: object(proxyProtocol, EMPTY_OK),
  terminationDelay: duration({ default: "100ms" }),
  tls: object(
    {
      serverName: string(NOTHING),
      insecureSkipVerify: bool(),
      rootCAs: list(string()),
      certificates: list(object({ certFile: string(), keyFile: string({ secret: true }) })),
      peerCertURI: string(NOTHING),
      spiffe: object({ ids: list(string()), trustDomain: string() }, EMPTY_OK),
    },
    EMPTY_OK,
  ),
});

/** Everything below `tcp`. */
export const tcp = object({
  routers: map(routers, { defines: "router" }),
  services: map(services, { defines: "service" }),
  middlewares: map(middlewares, { defines: "middleware" }),
  models: map(object({}), { internal: true }),
  serversTransports: map(serversTransports, { fileOnly: true, defines: "serversTransport" }),
});
