import type { WrittenValue } from "../config/written/written-settings.ts";
import { compileConstraints } from "../core/traefik/constraints/compile.ts";
import { compileDefaultRule } from "../core/translate/default-rule.ts";
import { parseDuration } from "../go/duration.ts";
import type { Provider } from "./providers.ts";
import type { StaticOption, StaticValue } from "./static-config.ts";
import { booleanOf, listOf, textOf } from "./static-options.ts";

/** What becomes of one option of Traefik's. */
export type OptionFate =
  /** A setting means the same. */
  | { readonly kind: "setting"; readonly path: string; readonly value: WrittenValue }
  /** A setting of the catalog's own section means the same: `tls.caFile`. */
  | { readonly kind: "connection"; readonly field: string; readonly value: WrittenValue }
  /** It is a secret: its value is not copied, and not shown. */
  | { readonly kind: "secret"; readonly field?: string; readonly why: string; readonly todo: string }
  /** It has no equal: for what reason, and what to do. */
  | { readonly kind: "without-equal"; readonly why: string; readonly todo: string }
  /** It needs none: portolan does that anyway. */
  | { readonly kind: "unneeded"; readonly why: string };

type Row = (value: StaticValue, all: ReadonlyMap<string, StaticOption>) => readonly OptionFate[];

/** Prefix, exposure, rule and the like, which both providers have. */
const COMMON: Readonly<Record<string, Row>> = {
  prefix: (value) => [{ kind: "setting", path: "traefik.prefix", value: textOf(value) }],
  exposedByDefault: (value) => [{ kind: "setting", path: "traefik.exposedByDefault", value: booleanOf(value) ?? true }],
  defaultRule: (value) => {
    const compiled = compileDefaultRule(textOf(value));
    if (compiled.kind === "compiled") {
      return [{ kind: "setting", path: "traefik.defaultRule", value: textOf(value) }];
    }
    return [
      withoutEqual(`as a template it ${compiled.message}`, "write traefik.defaultRule so that portolan takes it"),
    ];
  },
  constraints: (value) => {
    const compiled = compileConstraints(textOf(value));
    if (compiled.kind === "compiled") return [{ kind: "setting", path: "traefik.constraints", value: textOf(value) }];
    return [withoutEqual(compiled.message, "Traefik ignores every service for it, too: write it anew")];
  },
  refreshInterval: () => [
    unneeded("portolan watches by blocking queries and hears of a change at once; resync is its second net"),
  ],
  watch: () => [unneeded("portolan always watches")],
  stale: () => [unneeded("any server may answer, as long as its answer is no older than maxStale (30s)")],
};

const TLS: Readonly<Record<string, Row>> = {
  "endpoint.tls.ca": file("tls.caFile"),
  "endpoint.tls.cert": file("tls.certFile"),
  "endpoint.tls.key": file("tls.keyFile"),
  "endpoint.tls.insecureSkipVerify": (value) =>
    booleanOf(value) === true ? [{ kind: "connection", field: "tls.insecureSkipVerify", value: true }] : [],
  "endpoint.endpointWaitTime": (value) => {
    // A bare number is one of seconds to Traefik.
    const duration = /^\d+$/.test(textOf(value)) ? `${textOf(value)}s` : textOf(value);
    const ns = parseDuration(duration) ?? -1n;
    if (ns < 0n) return [withoutEqual("it is no duration", "leave it out: portolan waits for 60s")];
    return ns === 0n ? [] : [{ kind: "connection", field: "wait", value: duration }];
  },
};

const OPTIONS: Readonly<Record<Provider, Readonly<Record<string, Row>>>> = {
  consulcatalog: {
    ...{ ...COMMON, ...TLS },
    "endpoint.address": (value, all) => addressOf(textOf(value), schemeIn(all)),
    "endpoint.scheme": (_, all) => (all.has("endpoint.address") ? [] : addressOf("127.0.0.1:8500", schemeIn(all))),
    "endpoint.datacenter": (value) => [{ kind: "connection", field: "datacenter", value: textOf(value) }],
    "endpoint.token": () => [token("CONSUL_HTTP_TOKEN", "consul-token")],
    "endpoint.httpAuth.username": (_, all) => (all.has("endpoint.httpauth.password") ? [] : basicAuth()),
    "endpoint.httpAuth.password": basicAuth,
    cache: (value) => (booleanOf(value) === true ? [{ kind: "connection", field: "cached", value: true }] : []),
    requireConsistent: (value) =>
      booleanOf(value) === true
        ? [
            withoutEqual(
              "a consistent read costs Consul's leader, and portolan asks for one only to confirm that routes go",
              "nothing: an answer older than maxStale (30s by default) is not believed",
            ),
          ]
        : [],
    connectAware: connect,
    connectByDefault: connect,
    serviceName: () => [unneeded("it names Traefik to Consul Connect, and is used for nothing else")],
    strictChecks: (value) => [
      { kind: "setting", path: "traefik.strictChecks", value: listOf(value).map((status) => status.toLowerCase()) },
    ],
    // More than one makes a list of catalogs (migration.ts).
    namespaces: () => [],
  },
  nomad: {
    ...{ ...COMMON, ...TLS },
    "endpoint.address": (value) => addressOf(textOf(value), "http"),
    "endpoint.region": (value) => [{ kind: "connection", field: "region", value: textOf(value) }],
    "endpoint.token": () => [token("NOMAD_TOKEN", "nomad-token")],
    throttleDuration: () => [
      unneeded("a burst of changes is gathered for 100ms, and for 1s at most (publish.quiet, publish.maxDelay)"),
    ],
    allowEmptyServices: (value) =>
      booleanOf(value) === true
        ? [
            withoutEqual(
              "Traefik asks every job whether it is scaled to zero; portolan keeps a router without instances for routes.zeroInstanceGrace (10m)",
              'name the services whose routers are to stay for good: routes: { keep: ["NAME"] }, or give them the tag portolan.keep=true',
            ),
          ]
        : [],
    namespaces: (value) => [{ kind: "connection", field: "namespace", value: listOf(value) }],
  },
};

/** Traefik finds its options whatever their case is. */
const BY_KEY: Readonly<Record<Provider, ReadonlyMap<string, Row>>> = {
  consulcatalog: inLowerCase(OPTIONS.consulcatalog),
  nomad: inLowerCase(OPTIONS.nomad),
};

function inLowerCase(rows: Readonly<Record<string, Row>>): ReadonlyMap<string, Row> {
  return new Map(Object.entries(rows).map(([name, row]) => [name.toLowerCase(), row]));
}

/** What becomes of an option of a provider, by its path below the provider in lower case; undefined for one that is unknown. */
export function fateOf(
  provider: Provider,
  key: string,
  value: StaticValue,
  all: ReadonlyMap<string, StaticOption>,
): readonly OptionFate[] | undefined {
  return BY_KEY[provider].get(key)?.(value, all);
}

/** The options that a provider has, as Traefik's documentation spells them. */
export function optionsOf(provider: Provider): readonly string[] {
  return Object.keys(OPTIONS[provider]);
}

function unneeded(why: string): OptionFate {
  return { kind: "unneeded", why };
}

function withoutEqual(why: string, todo: string): OptionFate {
  return { kind: "without-equal", why, todo };
}

function token(variable: string, file: string): OptionFate {
  return {
    kind: "secret",
    field: "tokenFile",
    why: "a token is never copied",
    todo: `give portolan a token of its own, in a file that tokenFile names (/etc/portolan/${file}) or in ${variable}`,
  };
}

function basicAuth(): readonly OptionFate[] {
  return [
    {
      kind: "secret",
      why: "portolan sends no user and password to Consul",
      todo: "let it ask an agent that needs none, best the one on its own machine, with an ACL token where ACLs are on",
    },
  ];
}

function connect(value: StaticValue): readonly OptionFate[] {
  if (booleanOf(value) !== true) return [];
  return [
    withoutEqual(
      "a service with Connect gets no route: the chart would have to hold its private keys",
      "leave these services to a Consul gateway, or to Traefik's own provider with a prefix of their own",
    ),
  ];
}

/** A file with a certificate; Traefik takes the certificate itself, too. */
function file(field: string): Row {
  return (value) => {
    const text = textOf(value);
    if (text === "") return [];
    if (!text.includes("-----BEGIN")) return [{ kind: "connection", field, value: text }];
    const todo = `write it into a file that portolan may read, and name that in ${field}`;
    return [{ kind: "secret", why: "it is a certificate or key itself, which is not copied", todo }];
  };
}

function schemeIn(all: ReadonlyMap<string, StaticOption>): string {
  const scheme = textOf(all.get("endpoint.scheme")?.value ?? "").toLowerCase();
  return scheme === "https" ? "https" : "http";
}

/** An address as portolan writes it: with its scheme, and without user and password, which are not sent. */
function addressOf(text: string, scheme: string): readonly OptionFate[] {
  if (text === "") return [];
  if (text.startsWith("unix:///")) return [{ kind: "connection", field: "address", value: text }];
  const written = /^[a-z]+:\/\//i.test(text) ? text : `${scheme}://${text}`;
  const url = /^https?:\/\/[^\s/]/i.test(written) ? URL.parse(written) : null;
  if (url === null) {
    return [withoutEqual("it is no HTTP address", "write address: http://HOST:PORT or https://HOST:PORT there")];
  }
  const bare = `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, "")}`;
  const address: OptionFate = { kind: "connection", field: "address", value: bare };
  return url.username + url.password === "" ? [address] : [address, ...basicAuth()];
}
