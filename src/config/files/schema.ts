import { z } from "zod";
import type { Ledger } from "../../core/ports/ledger/ledger.ts";
import type { Policy } from "../../core/settings.ts";
import { TRAEFIK_VERSIONS } from "../../core/traefik/chart/dynamic-config.ts";
import { allowList } from "./allow-section.ts";
import { catalogList, consulSection, nomadSection, schedulerList } from "./catalog-sections.ts";
import { authEndpoint, durationMs, shortName, text, unique, webAddress } from "./field-kinds.ts";
import { DEFAULT_LISTEN } from "./listen-address.ts";
import { portRange } from "./port-range.ts";
import { serveSection } from "./serve-section.ts";
import { servicePattern } from "./service-pattern.ts";
import { chartName, constraints, defaultMiddlewares, defaultRule, fileMode, listenAddress } from "./setting-kinds.ts";
import type { SettingsFile } from "./settings-file.ts";
import { edgeApiSection, traefikApiSection } from "./traefik-api-section.ts";

/** Name → fields as in Traefik's files; they are judged by the table of the Traefik line, once that is known. */
const definitions = z.record(text, z.unknown()).default({});

const count = z.number().int().min(0);

/**
 * The schema of all settings: names, types, defaults and documentation, from which docs/settings.md is made. Every object is
 * strict: a misspelt key is an error, never silently the default.
 */
export const settingsSchema = z.strictObject({
  consul: consulSection,
  nomad: nomadSection,
  catalogs: catalogList,
  schedulers: schedulerList,
  equalNames: z
    .enum(["merge", "prefix", "failover"])
    .default("merge")
    .describe(
      "names that several `catalogs` define: `merge`: one service, served by all of them that mean the same; `prefix`: each name gets its catalog's, as in `dc1_web`; `failover`: as `merge`, but served by the first catalog of the list that has a healthy instance",
    ),
  compat: z
    .enum(["none", "traefik"])
    .default("none")
    .describe(
      "`traefik`: chart exactly what Traefik's own catalog provider would, conflicts, port window and all; nothing is protected",
    ),
  traefik: z
    .strictObject({
      version: z
        .preprocess((found) => (typeof found === "number" ? String(found) : found), z.enum(TRAEFIK_VERSIONS))
        .prefault("3.6")
        .describe(
          "the oldest Traefik line that reads the file, 3.6 being 3.6.9 and later; tags with fields it lacks are quarantined",
        )
        .meta({ type: ["string", "number"], enum: [...TRAEFIK_VERSIONS, ...TRAEFIK_VERSIONS.map(Number)] }),
      ruleSyntax: z
        .enum(["v2", "v3"])
        .default("v3")
        .describe(
          "syntax of rules whose router does not say which: `v2` where Traefik's static configuration has `core.defaultRuleSyntax: v2`; the chart then says so on each of these routers",
        ),
      prefix: text
        .refine((prefix) => prefix !== "portolan", {
          message: "any other text is allowed: portolan's own tags start so",
        })
        .default("traefik")
        .describe("tags that count start with it"),
      exposedByDefault: z.boolean().default(false).describe("route services without a `traefik.enable` tag"),
      defaultRule: defaultRule
        .prefault("Host(`{{ normalize .Name }}`)")
        .describe(
          "rule of a router that has none: a Go template as in Traefik, with sprig's functions and `normalize`; `.Name` and `.Labels` are Traefik's, `.Node`, `.Datacenter`, `.Namespace`, `.Address`, `.Port`, `.Tags`, `.Meta` and `.TaggedAddresses` are ours",
        ),
      constraints: constraints
        .prefault("")
        .describe(
          "which instances count at all, by their raw tags: Tag(`…`) and TagRegex(`…`) with &&, ||, ! and parentheses",
        ),
      entryPoints: z
        .array(text)
        .default([])
        .describe("names of all entry points of the Traefik that reads the file; where declared, others are diagnosed"),
      defaultEntryPoints: z
        .array(text)
        .default([])
        .describe(
          "those that Traefik gives to routers that name none (`asDefault`): the chart names them then, and a database has its own entry point to itself",
        ),
      defaultMiddlewares: defaultMiddlewares
        .default({})
        .describe(
          "middlewares of yours that stand before those of every router of HTTP that tags define, by entry point, `*` being any: `auth` of a snippet, `auth@file` of a file beside the chart; see beyond.md",
        ),
      strictChecks: z
        .array(z.string().toLowerCase())
        .default(["passing", "warning"])
        .describe("health statuses that get traffic; `any` admits everything"),
      api: traefikApiSection,
    })
    .prefault({}),
  ports: z
    .strictObject({
      dynamic: portRange
        .exactOptional()
        .describe(
          "ports that may be routed: Nomad's min_dynamic_port to max_dynamic_port; default: what the Nomads of `schedulers`, or the catalogs that are Nomad's, say of their clients, else 20000-32000",
        ),
      exceptions: z
        .array(
          z.strictObject({
            service: servicePattern.describe("catalog service; `*` stands for any characters"),
            namespace: text.exactOptional().describe("its namespace; default: the default one alone"),
            ports: portRange.describe("port or range that this service may use besides"),
            purpose: text.describe("why; shown where the exception counts"),
          }),
        )
        .default([])
        .describe("backends outside the dynamic range, each declared: entries of the ledger with exposure `ingress`"),
      authEndpoints: z
        .array(authEndpoint)
        .default([])
        .describe(
          "servers that a `forwardAuth` may ask though their port is not dynamic: `https://auth.example.org`, `http://HOST:PORT`; opens no port as a backend",
        ),
      ledger: text
        .exactOptional()
        .describe("file that declares the site's ports: owners, exposure, groups; see ports.md"),
    })
    .prefault({}),
  backends: z
    .strictObject({
      weights: z
        .enum(["none", "consul"])
        .default("none")
        .describe("`consul`: a server's weight is the registration's for its health, passing or warning"),
      address: text
        .exactOptional()
        .describe("tagged address by which servers are reached, for example `wan`, where an instance has it"),
      grpc: z
        .boolean()
        .default(false)
        .describe("reach services by h2c whose name, or Nomad port label, has the word `grpc`"),
      requireCheck: z
        .boolean()
        .default(false)
        .describe("an instance in Consul without a check of its own gets no traffic; its node's checks do not count"),
      failOpen: z
        .boolean()
        .default(false)
        .describe("a service without a healthy instance is served by its unhealthy ones, except those in maintenance"),
      criticalGrace: durationMs("0s").describe(
        "how long an instance that turns critical keeps its traffic; one that is deregistered or put into maintenance keeps none",
      ),
    })
    .prefault({}),
  routes: z
    .strictObject({
      zeroInstanceGrace: durationMs("10m").describe(
        "how long a router outlives its last healthy instance and answers 503; then it goes (404)",
      ),
      keep: z
        .array(text)
        .default([])
        .describe(
          "services whose routers stay when their last instance leaves, without an end: scaled to zero, asleep; a name may have `*`, and its namespace before it (`team/shop`) unless that is the default one",
        ),
      sleeping: text
        .exactOptional()
        .describe(
          "service of yours that answers at such routers of HTTP until an instance is back, in place of 503: one of your snippets (`wake`), or of a file beside the chart (`wake@file`)",
        ),
      flapping: z
        .strictObject({
          perMinute: count
            .default(20)
            .describe("a service that brings something new more often than this within a minute flaps …"),
          every: durationMs("10s").describe(
            "… and what is new of it is published this often, until it is calmer; what leaves does so at once",
          ),
        })
        .prefault({}),
    })
    .prefault({}),
  claims: z
    .strictObject({
      keep: durationMs("30s").describe(
        "how long a host is kept for a service without a healthy instance; then another service may have it (never longer than its router answers 503)",
      ),
    })
    .prefault({}),
  policy: text.exactOptional().describe("file that says what services may ask for; see policy.md"),
  allow: allowList,
  guard: z
    .strictObject({
      removalCount: count
        .default(5)
        .describe("a removal is held if it takes more routers within `guard.confirmAfter` than this …"),
      removalShare: z
        .number()
        .min(0)
        .max(1)
        .default(0.3)
        .describe("… and more than this share of them; or the last one"),
      confirmAfter: durationMs("10s").describe(
        "a held removal goes through after this time if a consistent read confirms it then",
      ),
      resetHold: durationMs("5m").describe(
        "after Consul's index fell back (restarted, restored) every removal is held this long",
      ),
    })
    .prefault({}),
  define: z
    .strictObject({
      http: z
        .strictObject({
          serversTransports: definitions.describe(
            "transports that tags may name (`…loadbalancer.serverstransport=NAME`)",
          ),
        })
        .prefault({}),
      tcp: z
        .strictObject({
          serversTransports: definitions.describe("the same for TCP services"),
        })
        .prefault({}),
      tls: z
        .strictObject({
          options: definitions.describe("TLS options that tags may name (`…routers.NAME.tls.options=NAME`)"),
        })
        .prefault({}),
    })
    .prefault({}),
  snippets: text
    .exactOptional()
    .describe("folder of `.yml` files in Traefik's file format, whose definitions become part of the chart"),
  output: z.strictObject({
    file: chartName.describe("the chart: a `.yml` file in a directory that Traefik's file provider watches"),
    mode: fileMode.prefault("0640").describe("file mode"),
    uid: count.exactOptional().describe("numeric owner of the file; needs the right to give files away"),
    gid: count.exactOptional().describe("numeric group of the file; default: the group of its directory"),
  }),
  edges: z
    .array(
      z.strictObject({
        name: shortName
          .refine((name) => name !== "main", { message: '"main" is the chart of `output`; choose another name' })
          .describe("what logs, metrics and the status call it"),
        prefix: text.describe("tags that count for this chart start with it, in place of `traefik.prefix`"),
        defaultMiddlewares: defaultMiddlewares
          .exactOptional()
          .describe("in place of `traefik.defaultMiddlewares` for this chart; `{}` for none"),
        file: chartName.describe("its chart, in a directory of its own that its Traefik watches"),
        api: edgeApiSection,
      }),
    )
    .superRefine(unique("name", "edge"))
    .superRefine(unique("prefix", "edge"))
    .superRefine(unique("file", "edge"))
    .default([])
    .describe("further charts for further Traefiks, for instance a public one beside the private one"),
  stateDir: text.describe(
    "directory for what must survive a restart; outside the watched directory, same filesystem if possible",
  ),
  publish: z
    .strictObject({
      quiet: durationMs("100ms").describe("a burst of changes is gathered until nothing has come for this long …"),
      maxDelay: durationMs("1s").describe(
        "… or for this long at most; the first change after quiet is published at once",
      ),
    })
    .prefault({}),
  listen: listenAddress
    .prefault(DEFAULT_LISTEN)
    .describe("where /healthz, /readyz, /metrics and the JSON of docs/api.md answer"),
  listenNames: z
    .array(text)
    .default([])
    .describe(
      "names by which the JSON of docs/api.md is asked for, beside addresses, localhost and this machine's own name; a request for another name is refused, so that no stranger's page reads it by an operator's browser",
    ),
  serve: serveSection,
  links: z
    .strictObject({
      consul: webAddress
        .exactOptional()
        .describe("where people reach Consul's web interface, as `https://consul.example.org`, without `/ui`"),
      nomad: webAddress.exactOptional().describe("the same of Nomad's"),
      traefik: webAddress
        .exactOptional()
        .describe(
          "where people reach the dashboard of the Traefik that reads the main chart, as `https://traefik.example.org`, without `/dashboard`",
        ),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z.enum(["debug", "info", "warn", "error"]).default("info").describe("least severity that is logged"),
      format: z
        .enum(["auto", "json", "pretty"])
        .default("auto")
        .describe("`auto`: pretty on a terminal, JSON otherwise"),
    })
    .prefault({}),
});

export type Settings = z.infer<typeof settingsSchema> & {
  /** A short digest of the settings that routes depend on: equal ids chart alike. Absent where no file was read. */
  readonly id?: string;
  /** The file that they were read from; absent where there was none. */
  readonly settingsFile?: SettingsFile;
  /** What the operator should change although it counts as it is, each beginning with a setting's path. */
  readonly warnings?: readonly string[];
  /** The content of the file named by `policy`. */
  readonly loadedPolicy?: Policy;
  /** The content of the file named by `ports.ledger`. */
  readonly loadedLedger?: Ledger;
};
