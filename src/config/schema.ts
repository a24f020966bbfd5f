import { z } from "zod";
import { compileDefaultRule } from "../core/traefik/default-rule.ts";
import { parseDuration } from "../core/traefik/duration.ts";
import { TRAEFIK_VERSIONS } from "../core/traefik/dynamic-config.ts";

/** A duration as text with a unit, as Go and Traefik write it; becomes milliseconds. */
function durationMs(fallback: string) {
  return z
    .string()
    .transform((text, context) => {
      const ns = parseDuration(text);
      if (ns !== undefined && ns >= 0n) return Number(ns / 1_000_000n);
      context.issues.push({
        code: "custom",
        input: text,
        message: 'a duration such as "100ms", "10s" or "5m" is allowed',
      });
      return z.NEVER;
    })
    .prefault(fallback);
}

/** `24563` or `20000-32000`; becomes an inclusive range. */
const portRange = z.union([z.string(), z.number()]).transform((value, context) => {
  const [, firstText, lastText] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(String(value)) ?? [];
  const first = Number(firstText);
  const last = Number(lastText ?? firstText);
  if (firstText !== undefined && first >= 1 && first <= last && last <= 65_535) return { first, last };
  context.issues.push({
    code: "custom",
    input: value,
    message: 'a port or a range "FIRST-LAST" between 1 and 65535 is allowed',
  });
  return z.NEVER;
});

const address = z.string().transform((text, context) => {
  if (text.startsWith("unix:///")) return text;
  const url = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
  if (/^https?:\/\/[^\s/]/i.test(url) && URL.canParse(url)) return url;
  context.issues.push({
    code: "custom",
    input: text,
    message: "http://HOST:PORT, https://HOST:PORT or unix:///PATH is allowed",
  });
  return z.NEVER;
});

const fileMode = z.string().transform((text, context) => {
  if (/^0?[0-7]{3}$/.test(text)) return Number.parseInt(text, 8);
  context.issues.push({
    code: "custom",
    input: text,
    message: 'an octal file mode in quotes such as "0640" is allowed',
  });
  return z.NEVER;
});

const listenAddress = z.string().transform((text, context) => {
  const [, host, port] = /^(\[[^\]]+\]|[^:]*):(\d{1,5})$/.exec(text) ?? [];
  if (host !== undefined && Number(port) <= 65_535)
    return { host: host.replace(/^\[|\]$/g, "") || "0.0.0.0", port: Number(port) };
  context.issues.push({ code: "custom", input: text, message: 'HOST:PORT such as "127.0.0.1:9532" is allowed' });
  return z.NEVER;
});

const chartName = z.string().refine((path) => /\.ya?ml$/i.test(path), {
  message: "a file name that ends in .yml or .yaml is allowed, since Traefik's file provider reads no other",
});

const defaultRule = z.string().transform((template, context) => {
  const compiled = compileDefaultRule(template);
  if (compiled.kind === "compiled") return compiled.render;
  context.issues.push({ code: "custom", input: template, message: compiled.message });
  return z.NEVER;
});

const text = z.string().min(1, { message: "some text is allowed, not nothing" });
const count = z.number().int().min(0);

/**
 * THE schema of all settings: names, types, defaults and documentation. docs/settings.md is made from it. Every object
 * is strict, so that a misspelt key is an error and not a default.
 */
export const settingsSchema = z.strictObject({
  consul: z
    .strictObject({
      address: address
        .prefault("http://127.0.0.1:8500")
        .describe("Consul's HTTP API: a URL, or `unix://` and a socket's path"),
      token: text.exactOptional().describe("ACL token; prefer `tokenFile` or the environment"),
      tokenFile: text
        .exactOptional()
        .describe(
          "file with the ACL token, read for every request, so that a rotated token counts at once; wins over `token`",
        ),
      datacenter: text.exactOptional().describe("datacenter to ask for; default: the agent's own"),
      namespace: text.exactOptional().describe("Consul Enterprise namespace"),
      partition: text.exactOptional().describe("Consul Enterprise admin partition"),
      tls: z
        .strictObject({
          caFile: text
            .exactOptional()
            .describe("PEM file with the authorities that may have signed Consul's certificate"),
          certFile: text.exactOptional().describe("PEM file with our client certificate"),
          keyFile: text.exactOptional().describe("PEM file with our client certificate's key"),
          serverName: text.exactOptional().describe("name to expect in Consul's certificate"),
          insecureSkipVerify: z.boolean().default(false).describe("accept any certificate: for trying things out only"),
        })
        .prefault({}),
      wait: durationMs("60s").describe(
        "how long Consul may hold a blocking query; keep it below the idle timeout of any proxy in between",
      ),
      connectionBudget: z
        .number()
        .int()
        .min(8)
        .default(64)
        .describe(
          "most connections to Consul at a time; Consul allows 200 a client address and shares them with Nomad",
        ),
      parallelReads: z.number().int().min(1).max(64).default(8).describe("most plain reads at a time"),
    })
    .prefault({}),
  traefik: z
    .strictObject({
      version: z
        .preprocess((found) => (typeof found === "number" ? String(found) : found), z.enum(TRAEFIK_VERSIONS))
        .default("3.6")
        .describe("the oldest Traefik line that reads the file; tags with fields it lacks are quarantined"),
      prefix: text.default("traefik").describe("tags that count start with it"),
      exposedByDefault: z.boolean().default(false).describe("route services without a `traefik.enable` tag"),
      defaultRule: defaultRule
        .prefault("Host(`{{ normalize .Name }}`)")
        .describe("rule of a router that has none; `.Name`, `normalize` and `index .Labels` are understood"),
      strictChecks: z
        .array(z.string().toLowerCase())
        .default(["passing", "warning"])
        .describe("health statuses that get traffic; `any` admits everything"),
    })
    .prefault({}),
  ports: z
    .strictObject({
      dynamic: portRange
        .prefault("20000-32000")
        .describe("ports that may be routed: Nomad's min_dynamic_port to max_dynamic_port"),
      exceptions: z
        .array(
          z.strictObject({
            service: text.describe("catalog service"),
            ports: portRange.describe("port or range that this service may use besides"),
            purpose: text.describe("why; shown where the exception counts"),
          }),
        )
        .default([])
        .describe("backends outside the dynamic range, each declared"),
    })
    .prefault({}),
  routes: z
    .strictObject({
      zeroInstanceGrace: durationMs("10m").describe(
        "how long a router outlives its last healthy instance and answers 503; then it goes (404)",
      ),
    })
    .prefault({}),
  guard: z
    .strictObject({
      removalCount: count.default(5).describe("a removal is held if it takes more routers than this …"),
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
  output: z.strictObject({
    file: chartName.describe("the chart: a `.yml` file in a directory that Traefik's file provider watches"),
    mode: fileMode.prefault("0640").describe("file mode"),
    uid: count.exactOptional().describe("numeric owner of the file; needs the right to give files away"),
    gid: count.exactOptional().describe("numeric group of the file; default: the group of its directory"),
  }),
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
  listen: listenAddress.prefault("127.0.0.1:9532").describe("where /healthz, /readyz, /metrics and /v1/status answer"),
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

export type Settings = z.infer<typeof settingsSchema>;
