/** Keys behind the prefix and values that take one branch of the decoder's grammar. */
export interface Oddity {
  readonly branch: string;
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

/** The corners of Traefik's label grammar. `<router>`, `<service>` and `<middleware>` are the instance's own names. */
export const ODDITIES: readonly Oddity[] = [
  { branch: "filter without boundary", keys: ["httpx.y", "tcpx.y", "udpx", "httpx"], values: ["x"] },
  {
    branch: "filter in any case",
    keys: ["HTTP.routers.<router>.rule", "Http.Routers.<router>.Rule"],
    values: ["Host(`case`)"],
  },
  {
    branch: "sections nobody reads",
    keys: ["wrong.label", "tls.options.a.minversion", "tls.certificates[0].certfile"],
    values: ["x"],
  },
  { branch: "store with a longer name", keys: ["tls.stores.defaultfoo.defaultgeneratedcert.resolver"], values: ["le"] },
  { branch: "empty part", keys: ["http.routers..rule", "http.routers.<router>.rule.", "http..x"], values: ["x"] },
  { branch: "index without a name", keys: ["http.routers.[0].rule", "http.routers.[a].rule"], values: ["x"] },
  { branch: "index where none belongs", keys: ["http.routers.foo[0].rule", "http.routers[0].rule"], values: ["x"] },
  { branch: "lone closing bracket", keys: ["http.routers.foo].rule", "http.].x"], values: ["x"] },
  {
    branch: "siblings in two cases",
    keys: ["http.routers.<router>.Rule", "http.ROUTERS.<router>.rule"],
    values: ["Host(`twice`)"],
  },
  {
    branch: "case folding beyond ASCII",
    keys: ["http.\u017fervices.<service>.loadbalancer.server.port"],
    values: ["81"],
  },
  {
    branch: "unknown field",
    keys: ["http.routers.<router>.rules", "http.routerz.a.rule", "udp.routers.<router>.rule"],
    values: ["x"],
  },
  {
    branch: "ignored in tags",
    keys: ["http.services.<service>.weighted.services[0].name", "http.serverstransports.t.servername"],
    values: ["x"],
  },
  { branch: "unknown field below what is ignored", keys: ["http.services.<service>.weighted.nope"], values: ["x"] },
  {
    branch: "object without fields",
    keys: ["http.middlewares.<middleware>.stripprefix", "http.services.<service>.loadbalancer", "http", "http.routers"],
    values: ["true", ""],
  },
  { branch: "value beside fields", keys: ["http.services.<service>.loadbalancer", "http.routers"], values: ["true"] },
  { branch: "object switched off", keys: ["http.routers.<router>.tls"], values: ["false", "yes", "1"] },
  {
    branch: "object switched on",
    keys: ["http.routers.<router>.tls", "tcp.routers.<router>.tls"],
    values: ["", "TRUE", "true"],
  },
  { branch: "fields of a switched object", keys: ["http.routers.<router>.tls.certresolver"], values: ["le"] },
  { branch: "unknown field of a switched object", keys: ["http.routers.<router>.tls.nope"], values: ["x"] },
  { branch: "bare router", keys: ["http.routers.bare", "tcp.routers.bare"], values: ["whatever", ""] },
  { branch: "bare middleware", keys: ["http.middlewares.bare"], values: ["x"] },
  { branch: "bare service", keys: ["http.services.bare", "tcp.services.bare", "udp.services.bare"], values: ["x"] },
  { branch: "scalar with fields", keys: ["http.routers.<router>.rule.bar"], values: ["x"] },
  { branch: "list by index", keys: ["http.routers.<router>.entrypoints[0]"], values: ["web"] },
  { branch: "list with empty pieces", keys: ["http.routers.<router>.entrypoints"], values: ["a,, b ,", ",", " "] },
  {
    branch: "empty list",
    keys: ["http.routers.<router>.entrypoints", "http.middlewares.<middleware>.headers.allowedhosts"],
    values: [""],
  },
  { branch: "list that a file would split", keys: ["http.routers.<router>.entrypoints"], values: ["a\u2551b"] },
  {
    branch: "indexes by their bytes",
    keys: ["http.routers.<router>.tls.domains[10].main", "http.routers.<router>.tls.domains[2].main"],
    values: ["x.example"],
  },
  { branch: "object list with a value", keys: ["http.routers.<router>.tls.domains"], values: ["foo", ""] },
  { branch: "object list without index", keys: ["http.routers.<router>.tls.domains.main"], values: ["x"] },
  {
    branch: "servers by the documented name",
    keys: ["http.services.<service>.loadbalancer.servers.port"],
    values: ["80"],
  },
  { branch: "server by index", keys: ["http.services.<service>.loadbalancer.server[0].port"], values: ["80"] },
  { branch: "server with a value", keys: ["http.services.<service>.loadbalancer.server"], values: ["80"] },
  {
    branch: "header without a value",
    keys: ["http.middlewares.<middleware>.headers.customrequestheaders.X-Gone"],
    values: [""],
  },
  { branch: "map with a value", keys: ["http.middlewares.<middleware>.headers.customrequestheaders"], values: ["x"] },
  { branch: "plugin without settings", keys: ["http.middlewares.<middleware>.plugin.p"], values: ["true", ""] },
  { branch: "plugin's key like its parent", keys: ["http.middlewares.<middleware>.plugin.p.a.a"], values: ["1"] },
  {
    branch: "plugin's list",
    keys: ["http.middlewares.<middleware>.plugin.p.list[1]", "http.middlewares.<middleware>.plugin.p.o[0].x"],
    values: ["1"],
  },
  {
    branch: "plugin's text that a file would split",
    keys: ["http.middlewares.<middleware>.plugin.p.a"],
    values: ["\u2551", "\u255124\u2551x", "a\u2551b"],
  },
  {
    branch: "name of another provider",
    keys: ["http.routers.x@file.rule", "http.middlewares.m@consulcatalog.addprefix.prefix"],
    values: ["/x"],
  },
  {
    branch: "blanks around the key",
    keys: ["http.routers.<router>.rule ", " http.routers.<router>.rule"],
    values: [" Host(`blank`) "],
  },
  {
    branch: "key longer than YAML takes",
    keys: [
      `http.middlewares.<middleware>.headers.customrequestheaders.${"x".repeat(1_023)}`,
      `http.routers.${"r".repeat(1_023)}.priority`,
    ],
    values: ["1"],
  },
  {
    branch: "key as long as YAML takes",
    keys: [`http.middlewares.<middleware>.headers.customrequestheaders.${"x".repeat(1_022)}`],
    values: ["1"],
  },
  { branch: "field of a later Traefik", keys: ["http.middlewares.<middleware>.retry.timeout"], values: ["1s"] },
  { branch: "models", keys: ["http.models.m.observability.metrics", "http.models.m.tls"], values: ["true"] },
  {
    branch: "server port that is none",
    keys: ["http.services.<service>.loadbalancer.server.port", "tcp.services.<service>.loadbalancer.server.port"],
    values: ["http", "0", "-1", " 80", ""],
  },
];
