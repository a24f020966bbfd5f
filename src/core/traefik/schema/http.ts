import {
  ATTEMPTS,
  CHECK_INTERVAL,
  CONNECTIONS,
  DOMAINS,
  FAILURES,
  HASH_COST,
  HELD_BEFORE_COMPRESSING,
  HELD_IN_MEMORY,
  NAMES_OF_CERTIFICATE,
  READ_INTO_MEMORY,
} from "./bounds.ts";
import { any, bool, duration, int, int64, list, map, object, string, struct } from "./schema.ts";

const INTERNAL = { internal: true } as const;
const INTERNAL_3_7 = { internal: true, since: "3.7" } as const;
const SINCE_3_7 = { since: "3.7" } as const;
const DEPRECATED = { deprecated: true } as const;
const DEPRECATED_OPTIONAL = { deprecated: true, optional: true } as const;
const OPTIONAL = { optional: true } as const;
const SECRET = { secret: true } as const;
const EMPTY_OK = { emptyOk: true } as const;
const FILE_ONLY = { fileOnly: true } as const;
const NOTHING = { connects: "nothing" } as const;
const CHECK = { connects: "check" } as const;
const REGEX = { regex: true } as const;

const names = (refers: "service" | "middleware") => list(string(), { refers });

const routerTls = object(
  {
    options: string({ refers: "tlsOptions" }),
    certResolver: string(),
    domains: list(object({ main: string(), sans: list(string(), NAMES_OF_CERTIFICATE) }), DOMAINS),
    resolvedOptions: string(INTERNAL_3_7),
    conflictingOptions: bool(INTERNAL_3_7),
  },
  EMPTY_OK,
);

const routers = object({
  entryPoints: list(string()),
  middlewares: names("middleware"),
  service: string({ refers: "service" }),
  rule: string(),
  parentRefs: list(string(), FILE_ONLY),
  ruleSyntax: string(DEPRECATED),
  priority: int(),
  tls: routerTls,
  observability: object({
    accessLogs: bool(OPTIONAL),
    metrics: bool(OPTIONAL),
    tracing: bool(OPTIONAL),
    traceVerbosity: string({ default: "minimal" }),
    metadata: object({}, INTERNAL_3_7),
  }),
  defaultRule: bool(INTERNAL),
  deniedEncodedPathCharacters: object({}, INTERNAL),
});

const stickyFields = {
  cookie: object(
    {
      name: string(),
      secure: bool(),
      httpOnly: bool(),
      sameSite: string(),
      maxAge: int(),
      path: string({ optional: true, default: "/", ...NOTHING }),
      domain: string(),
      expires: int(INTERNAL_3_7),
      preserveLeadingDot: bool(INTERNAL_3_7),
    },
    EMPTY_OK,
  ),
};

const loadBalancer = object({
  sticky: object(stickyFields, EMPTY_OK),
  servers: list(
    object({
      url: string({ connects: "url" }),
      weight: int(OPTIONAL),
      preservePath: bool(),
      fenced: bool(INTERNAL),
      scheme: string({ labelOnly: true, connects: "server" }),
      port: string({ labelOnly: true, connects: "server" }),
    }),
    { tagName: "server" },
  ),
  strategy: string({ default: "wrr" }),
  healthCheck: object({
    scheme: string(CHECK),
    mode: string({ default: "http" }),
    path: string(CHECK),
    method: string(CHECK),
    status: int(),
    port: int(CHECK),
    interval: duration({ default: "30s", ...CHECK_INTERVAL }),
    unhealthyInterval: duration({ optional: true, ...CHECK_INTERVAL }),
    timeout: duration({ default: "5s" }),
    hostname: string(NOTHING),
    followRedirects: bool({ optional: true, default: true, ...CHECK }),
    headers: map(string(), SECRET),
  }),
  passiveHealthCheck: object({
    failureWindow: duration({ default: "10s" }),
    maxFailedAttempts: int({ default: 1, ...FAILURES }),
  }),
  passHostHeader: bool({ optional: true, default: true }),
  responseForwarding: object(
    { flushInterval: duration({ default: "100ms" }) },
    { default: { flushInterval: "100ms" } },
  ),
  serversTransport: string({ refers: "serversTransport" }),
  nginxUpstreamHashBy: string({ ...INTERNAL_3_7, ...NOTHING }),
});

const serviceName = string({ refers: "service" });
const weight = int({ optional: true, default: 1 });
const parentHealthCheck = object({}, EMPTY_OK);

const services = object({
  middlewares: list(string(), { refers: "middleware", since: "3.7" }),
  loadBalancer,
  highestRandomWeight: object(
    { services: list(object({ name: serviceName, weight })), healthCheck: parentHealthCheck },
    FILE_ONLY,
  ),
  weighted: object(
    {
      services: list(
        object({
          name: serviceName,
          weight,
          headers: map(string(), INTERNAL),
          status: int({ internal: true, optional: true }),
          gRPCStatus: object({}, INTERNAL),
        }),
      ),
      sticky: object(stickyFields),
      healthCheck: parentHealthCheck,
    },
    FILE_ONLY,
  ),
  mirroring: object(
    {
      service: serviceName,
      mirrorBody: bool({ optional: true, default: true }),
      maxBodySize: int64({ optional: true, default: -1 }),
      mirrors: list(object({ name: serviceName, percent: int() })),
      healthCheck: parentHealthCheck,
    },
    FILE_ONLY,
  ),
  failover: object(
    {
      service: serviceName,
      fallback: serviceName,
      healthCheck: parentHealthCheck,
      errors: object(
        { maxRequestBodyBytes: int64({ optional: true, default: -1 }), status: list(string()) },
        SINCE_3_7,
      ),
    },
    FILE_ONLY,
  ),
});

const ipStrategyFields = { depth: int(), excludedIPs: list(string()), ipv6Subnet: int(OPTIONAL) };
const sourceCriterion = object({
  ipStrategy: object(ipStrategyFields),
  requestHeaderName: string(),
  requestHost: bool(),
});

const clientTlsFields = { ca: string(), cert: string(), key: string(SECRET), insecureSkipVerify: bool() };

const headers = object({
  customRequestHeaders: map(string(), SECRET),
  customResponseHeaders: map(string(), SECRET),
  accessControlAllowCredentials: bool(),
  accessControlAllowHeaders: list(string()),
  accessControlAllowMethods: list(string()),
  accessControlAllowOriginList: list(string()),
  accessControlAllowOriginListRegex: list(string(), REGEX),
  accessControlExposeHeaders: list(string()),
  accessControlMaxAge: int64({ in: { "3.7": OPTIONAL } }),
  addVaryHeader: bool(),
  allowedHosts: list(string(), NOTHING),
  hostsProxyHeaders: list(string(), NOTHING),
  sslProxyHeaders: map(string(), NOTHING),
  stsSeconds: int64(OPTIONAL),
  stsIncludeSubdomains: bool(),
  stsPreload: bool(),
  forceSTSHeader: bool(),
  frameDeny: bool(),
  customFrameOptionsValue: string(),
  contentTypeNosniff: bool(),
  browserXssFilter: bool(),
  customBrowserXSSValue: string(),
  contentSecurityPolicy: string(),
  contentSecurityPolicyReportOnly: string(),
  publicKey: string(),
  referrerPolicy: string(),
  permissionsPolicy: string(),
  isDevelopment: bool(),
  featurePolicy: string(DEPRECATED_OPTIONAL),
  sslRedirect: bool(DEPRECATED_OPTIONAL),
  sslTemporaryRedirect: bool(DEPRECATED_OPTIONAL),
  sslHost: string({ ...DEPRECATED_OPTIONAL, ...NOTHING }),
  sslForceHost: bool(DEPRECATED_OPTIONAL),
});

const rateLimit = object({
  average: int64(),
  period: duration({ default: "1s" }),
  burst: int64({ default: 1 }),
  sourceCriterion,
  redis: object({
    endpoints: list(string(), { default: ["localhost:6379"], connects: "endpoint" }),
    tls: object(clientTlsFields),
    username: string(SECRET),
    password: string(SECRET),
    db: int(),
    poolSize: int(CONNECTIONS),
    minIdleConns: int(CONNECTIONS),
    maxActiveConns: int(),
    readTimeout: duration({ optional: true, default: "3s" }),
    writeTimeout: duration({ optional: true, default: "3s" }),
    dialTimeout: duration({ optional: true, default: "5s" }),
  }),
});

const forwardAuth = object({
  address: string({ connects: "url" }),
  tls: object({ ...clientTlsFields, caOptional: bool(DEPRECATED_OPTIONAL) }),
  trustForwardHeader: bool({ in: { "3.7": DEPRECATED_OPTIONAL } }),
  authResponseHeaders: list(string()),
  authResponseHeadersRegex: string(REGEX),
  authRequestHeaders: list(string()),
  maxResponseBodySize: int64({ optional: true, ...READ_INTO_MEMORY }),
  addAuthCookiesToResponse: list(string()),
  headerField: string(),
  forwardBody: bool(),
  maxBodySize: int64({ optional: true, default: -1, ...READ_INTO_MEMORY }),
  preserveLocationHeader: bool(),
  preserveRequestMethod: bool(),
  authSigninURL: string({ ...SINCE_3_7, ...NOTHING }),
});

const issuerFields = {
  country: bool(),
  province: bool(),
  locality: bool(),
  organization: bool(),
  commonName: bool(),
  serialNumber: bool(),
  domainComponent: bool(),
};

const passTLSClientCert = object({
  pem: bool(),
  info: object({
    notAfter: bool(),
    notBefore: bool(),
    sans: bool(),
    serialNumber: bool(),
    subject: object({ ...issuerFields, organizationalUnit: bool() }),
    issuer: object(issuerFields),
  }),
});

const middlewares = object({
  addPrefix: object({ prefix: string() }),
  stripPrefix: object({ prefixes: list(string()), forceSlash: bool(DEPRECATED_OPTIONAL) }),
  stripPrefixRegex: object({ regex: list(string(), REGEX) }),
  replacePath: object({ path: string(NOTHING) }),
  replacePathRegex: object({ regex: string(REGEX), replacement: string(NOTHING) }),
  chain: object({ middlewares: names("middleware") }),
  ipWhiteList: object({ sourceRange: list(string()), ipStrategy: object(ipStrategyFields, EMPTY_OK) }, DEPRECATED),
  ipAllowList: object({
    sourceRange: list(string()),
    ipStrategy: object(ipStrategyFields, EMPTY_OK),
    rejectStatusCode: int(),
  }),
  headers,
  encodedCharacters: object(
    {
      allowEncodedSlash: bool(),
      allowEncodedBackSlash: bool(),
      allowEncodedNullCharacter: bool(),
      allowEncodedSemicolon: bool(),
      allowEncodedPercent: bool(),
      allowEncodedQuestionMark: bool(),
      allowEncodedHash: bool(),
    },
    SINCE_3_7,
  ),
  errors: object({
    status: list(string()),
    statusRewrites: map(int()),
    service: string({ refers: "service" }),
    query: string(NOTHING),
    // 3.6.15 has it too, but 3.6.12 refuses the whole file for it.
    errorRequestHeaders: list(string(), SINCE_3_7),
    nginxHeaders: object({}, INTERNAL_3_7),
  }),
  rateLimit,
  redirectRegex: object({
    regex: string(REGEX),
    replacement: string(NOTHING),
    permanent: bool(),
    statusCode: int({ internal: true, optional: true, since: "3.7" }),
  }),
  redirectScheme: object({
    scheme: string(NOTHING),
    port: string(NOTHING),
    permanent: bool(),
    forcePermanentRedirect: bool({ in: { "3.6": { fileOnly: true, hidden: true }, "3.7": INTERNAL } }),
  }),
  basicAuth: object({
    users: list(string(), { secret: true, ...HASH_COST }),
    usersFile: string(),
    realm: string(),
    removeHeader: bool(),
    headerField: string(),
  }),
  digestAuth: object({
    users: list(string(), SECRET),
    usersFile: string(),
    removeHeader: bool(),
    realm: string(),
    headerField: string(),
  }),
  forwardAuth,
  inFlightReq: object({ amount: int64(), sourceCriterion }),
  buffering: object({
    maxRequestBodyBytes: int64(),
    memRequestBodyBytes: int64(HELD_IN_MEMORY),
    maxResponseBodyBytes: int64(),
    memResponseBodyBytes: int64(HELD_IN_MEMORY),
    retryExpression: string(),
    disableRequestBuffer: bool(INTERNAL_3_7),
    disableResponseBuffer: bool(INTERNAL_3_7),
  }),
  circuitBreaker: object({
    expression: string(),
    checkPeriod: duration({ default: "100ms" }),
    fallbackDuration: duration({ default: "10s" }),
    recoveryDuration: duration({ default: "10s" }),
    responseCode: int({ default: 503 }),
  }),
  compress: object(
    {
      excludedContentTypes: list(string()),
      includedContentTypes: list(string()),
      minResponseBodyBytes: int(HELD_BEFORE_COMPRESSING),
      encodings: list(string(), { default: ["gzip", "br", "zstd"] }),
      defaultEncoding: string(),
    },
    EMPTY_OK,
  ),
  passTLSClientCert,
  retry: object({
    attempts: int(ATTEMPTS),
    initialInterval: duration(),
    timeout: duration(SINCE_3_7),
    maxRequestBodyBytes: int64({ optional: true, default: 2097152, since: "3.7", ...READ_INTO_MEMORY }),
    status: list(string(), SINCE_3_7),
    disableRetryOnNetworkError: bool(SINCE_3_7),
    retryNonIdempotentMethod: bool(SINCE_3_7),
  }),
  contentType: object({ autoDetect: bool(DEPRECATED_OPTIONAL) }, EMPTY_OK),
  grpcWeb: object({ allowOrigins: list(string()) }),
  plugin: map(any(), { connects: "plugin" }),
  requestHeaderModifier: object({}, INTERNAL),
  responseHeaderModifier: object({}, INTERNAL),
  requestRedirect: object({}, INTERNAL),
  urlRewrite: object({}, INTERNAL),
  authTLSPassCertificateToUpstream: object({}, INTERNAL_3_7),
  snippet: object({}, INTERNAL_3_7),
  rewriteTarget: object({}, INTERNAL_3_7),
  upstreamVHost: object({}, INTERNAL_3_7),
  appRoot: object({}, INTERNAL_3_7),
});

const models = object({
  middlewares: names("middleware"),
  tls: routerTls,
  observability: struct({
    accessLogs: bool(OPTIONAL),
    metrics: bool(OPTIONAL),
    tracing: bool(OPTIONAL),
    traceVerbosity: string(),
    metadata: object({}, INTERNAL_3_7),
  }),
  deniedEncodedPathCharacters: object({}, INTERNAL),
  defaultRuleSyntax: string(INTERNAL),
});

const serversTransports = object({
  serverName: string(NOTHING),
  insecureSkipVerify: bool(),
  rootCAs: list(string()),
  certificates: list(object({ certFile: string(), keyFile: string(SECRET) })),
  maxIdleConnsPerHost: int(NOTHING),
  cipherSuites: list(string(), SINCE_3_7),
  minVersion: string(SINCE_3_7),
  maxVersion: string(SINCE_3_7),
  forwardingTimeouts: object({
    dialTimeout: duration({ default: "30s" }),
    responseHeaderTimeout: duration(),
    idleConnTimeout: duration({ default: "90s" }),
    readIdleTimeout: duration(),
    pingTimeout: duration({ default: "15s" }),
    readTimeout: duration({ hidden: true, since: "3.7" }),
    writeTimeout: duration({ hidden: true, since: "3.7" }),
  }),
  disableHTTP2: bool(),
  peerCertURI: string(NOTHING),
  spiffe: object({ ids: list(string()), trustDomain: string() }, EMPTY_OK),
});

/** Everything below `http`, in the order of Traefik's documentation. */
export const http = object({
  routers: map(routers, { defines: "router" }),
  services: map(services, { defines: "service" }),
  middlewares: map(middlewares, { defines: "middleware" }),
  models: map(models),
  serversTransports: map(serversTransports, { fileOnly: true, defines: "serversTransport" }),
});
