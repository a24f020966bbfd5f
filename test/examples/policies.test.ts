import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { parsePolicy } from "../../src/config/files/policy-file.ts";
import { WHO } from "../../src/core/policy/who.ts";
import type { Policy } from "../../src/core/settings.ts";
import type { Registration } from "../../src/simulator/state/registration.ts";
import { type ExampleSite, playExample } from "./site.ts";

/** For each line of a policy that limits something: who may do nothing that this line does not forbid. */
type Offences = Readonly<Record<string, Registration>>;

type Content = Record<string, unknown>;

const rule = (host: string) => `http.routers.NAME.rule=Host(\`${host}\`)`;
const at = (entryPoint: string) => `http.routers.NAME.entrypoints=${entryPoint}`;
const using = (middleware: string) => `http.routers.NAME.middlewares=${middleware}`;
const byTcp = (host: string) => [`tcp.routers.NAME.rule=HostSNI(\`${host}\`)`, "tcp.routers.NAME.tls=true"];
const OPERATORS = using("operators@file");
const JWT = using("jwt@file");
const WS = `${rule("chat.example")} && PathPrefix(\`/ws/NAME\`)`;
/** A middleware of its own behind those that a tag names. */
const ownBeside = (tag: string) => ["http.middlewares.NAME.headers.framedeny=true", `${tag},NAME`];
const OWN_MIDDLEWARE = ["http.middlewares.NAME.headers.framedeny=true", using("NAME")];

const SITES: Readonly<Record<string, Offences>> = {
  homelab: {
    networks: offence("192.168.12.22", "probe"),
    "rules.0.protocols": offence("192.168.11.21", "probe-metrics"),
    "rules.1.protocols": offence("192.168.11.21", "probe-health"),
    "rules.2.protocols": inOg(offence("192.168.30.21", "probe", ...byTcp("probe.lab.local"))),
    "rules.2.hosts": inOg(offence("192.168.30.21", "probe", rule("probe.example.org"))),
    "rules.2.backends": inOg(offence("192.168.11.21", "probe")),
    "rules.3.protocols": offence("192.168.11.21", "probe", ...byTcp("probe.lab.local")),
    "rules.3.hosts": offence("192.168.11.21", "probe", rule("probe.example.org")),
  },
  messenger: {
    networks: offence("10.30.0.11", "probe", at("websecure")),
    "rules.0.hosts": offence("10.20.0.11", "probe-admin", rule("chat.example.org"), at("admin"), OPERATORS),
    "rules.0.entryPoints": offence("10.20.0.11", "probe-admin", at("websecure"), OPERATORS),
    "rules.0.middlewares.define": offence("10.20.0.11", "probe-admin", at("admin"), ...ownBeside(OPERATORS)),
    "rules.0.middlewares.use": offence("10.20.0.11", "probe-admin", at("admin"), `${OPERATORS},jwt@file`),
    "rules.0.middlewares.require": offence("10.20.0.11", "probe-admin", at("admin")),
    "rules.1.protocols": offence("10.20.0.11", "probe-metrics", at("websecure")),
    "rules.2.hosts": offence(
      ...([
        "10.20.0.11",
        "probe-ws",
        `${rule("chat.example.org")} && PathPrefix(\`/ws\`)`,
        at("websecure"),
        JWT,
      ] as const),
    ),
    // In place of the one that has the host: by paths two services share it, and without them the second gets nothing.
    "rules.2.paths": {
      ...offence("10.20.0.11", "messaging-ws", rule("chat.example"), at("websecure"), JWT),
      Node: "app-1",
    },
    "rules.2.entryPoints": offence("10.20.0.11", "probe-ws", WS, at("web"), JWT),
    "rules.2.middlewares.define": offence("10.20.0.11", "probe-ws", WS, at("websecure"), ...ownBeside(JWT)),
    "rules.2.middlewares.use": offence("10.20.0.11", "probe-ws", WS, at("websecure"), `${JWT},operators@file`),
    "rules.2.middlewares.require": offence("10.20.0.11", "probe-ws", WS, at("websecure")),
    "rules.3.protocols": offence("10.20.0.11", "probe", ...byTcp("probe.chat.example")),
    "rules.3.hosts": offence("10.20.0.11", "probe", rule("chat.example.org"), at("websecure")),
    "rules.3.entryPoints": offence("10.20.0.11", "probe", at("admin")),
    "rules.3.middlewares.define": offence("10.20.0.11", "probe", at("websecure"), ...OWN_MIDDLEWARE),
    "rules.3.middlewares.use": offence("10.20.0.11", "probe", at("websecure"), using("jwt@file")),
  },
  nodeports: {
    networks: offence("192.168.8.235", "probe"),
    "rules.0.protocols": offence("192.168.7.235", "api-gateway", ...byTcp("api.cluster.internal")),
    "rules.0.hosts": offence("192.168.7.235", "api-gateway"),
    "rules.1.protocols": offence("192.168.7.235", "web", ...byTcp("www.cluster.internal")),
    "rules.1.hosts": offence("192.168.7.235", "web"),
    "rules.2.protocols": offence("192.168.7.235", "probe", ...byTcp("probe.apps.cluster.internal")),
    "rules.2.hosts": offence("192.168.7.235", "probe", rule("probe.cluster.internal")),
  },
  gateway: {
    networks: offence("192.168.50.9", "probe", at("tunnel")),
    "rules.0.protocols": asTriton(...byTcp("triton.home.example")),
    "rules.0.hosts": asTriton(rule("infer.home.example"), at("grpc")),
    "rules.0.entryPoints": asTriton(at("metrics")),
    "rules.0.certResolvers": asTriton(at("grpc"), "http.routers.NAME.tls.certresolver=le"),
    "rules.1.protocols": offence("192.168.40.10", "probe", ...byTcp("probe.home.example")),
    "rules.1.hosts": offence("192.168.40.10", "probe", rule("probe.example.org"), at("tunnel")),
    "rules.1.entryPoints": offence("192.168.40.10", "probe", at("grpc")),
    "rules.1.certResolvers": offence("192.168.40.10", "probe", at("tunnel"), "http.routers.NAME.tls.certresolver=le"),
  },
};

describe.each(Object.entries(SITES))("the policy of %s", (site, offences) => {
  const written = load(
    readFileSync(join(import.meta.dirname, `../../deploy/examples/${site}/policy.yml`), "utf8"),
  ) as Content;

  test("limits what is tried here, and nothing besides", () => {
    expect(Object.keys(offences)).toEqual(limitsOf(written));
  });

  test.each(Object.entries(offences))("refuses by %s what it would route without that line", async (line, offence) => {
    expect(routersOf(await playExample(site, [offence]), offence)).toEqual([]);
    const without = await playExample(site, [offence], soundPolicy(withoutLine(written, line.split("."))));
    expect(routersOf(without, offence)).toEqual([offence.Service?.Service]);
  });
});

/** On a dynamic port, with these tags, in which `NAME` is its own. */
function offence(address: string, name: string, ...tags: readonly string[]): Registration {
  const Tags = ["enable=true", ...tags].map((tag) => `traefik.${tag.replaceAll("NAME", name)}`);
  return { Node: "probed", Address: address, Service: { Service: name, Port: 24_999, Tags } };
}

/** In place of the one that has the name. */
function asTriton(...tags: readonly string[]): Registration {
  return { ...offence("192.168.40.20", "triton", ...tags), Node: "gpu" };
}

function inOg(registration: Registration): Registration {
  return { ...registration, Datacenter: "og-homelab" };
}

/** Dotted paths of what a policy limits, in its order. */
function limitsOf(content: Content, prefix = ""): readonly string[] {
  return Object.entries(content).flatMap(([key, value]) => {
    const path = `${prefix}${key}`;
    if (key === "rules") return (value as Content[]).flatMap((one, i) => limitsOf(one, `${path}.${i}.`));
    if (key === "middlewares") return limitsOf(value as Content, `${path}.`);
    return WHO.some((who) => who === key) ? [] : [path];
  });
}

function withoutLine(content: Content, path: readonly string[]): Content {
  const copy = structuredClone(content);
  const owner = path.slice(0, -1).reduce((inner, key) => inner[key] as Content, copy);
  delete owner[path.at(-1) ?? ""];
  return copy;
}

function soundPolicy(content: Content): Policy {
  const parsed = parsePolicy(content);
  if (parsed.kind === "refused") throw new Error(parsed.errors.join("\n"));
  return parsed.policy;
}

/** Routers of the offender, all of which have its name. */
function routersOf({ decision: { chart } }: ExampleSite, { Service }: Registration): readonly string[] {
  return (["http/routers", "tcp/routers", "udp/routers"] as const).flatMap((section) =>
    [...chart[section].keys()].filter((name) => name === Service?.Service),
  );
}
