import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { resolveSettings } from "../../src/config/resolve/resolve.ts";
import { writeSettings } from "../../src/config/written/written-settings.ts";
import { optionsOf } from "../../src/migrate/provider-options.ts";
import type { Provider } from "../../src/migrate/providers.ts";
import { parseStatic } from "../../src/migrate/static-config.ts";
import { migrateStatic, type RunningTraefik, type StaticMigration } from "../../src/migrate/static-migration.ts";

const SECRETS = /s3cret|hunter2|BEGIN/;

function migrated(
  text: string,
  name = "traefik.yml",
  from: Provider = "consulcatalog",
  running?: RunningTraefik,
): StaticMigration {
  const parsed = parseStatic(text, name);
  if (parsed.kind === "refused") throw new Error(parsed.fault);
  const found = migrateStatic(parsed.options, from, running);
  if (found.kind === "refused") throw new Error(`only ${found.configured.join(", ")}`);
  return found;
}

/** The settings as the file's content has them, which portolan must take. */
function contentOf({ settings }: StaticMigration): Record<string, unknown> {
  const text = writeSettings(settings);
  expect(text).not.toMatch(SECRETS);
  const content = load(text) as Record<string, unknown>;
  const resolved = resolveSettings({ file: { name: "portolan.yml", content }, environment: {}, flags: {} });
  expect(resolved.kind === "refused" ? resolved.errors : []).toEqual([]);
  return content;
}

const FILE = { output: { file: "/etc/traefik/dynamic/portolan.yml" }, stateDir: "/var/lib/portolan" };

describe("what Traefik's options become", () => {
  test("every option of the provider for Consul that has an equal", () => {
    const found = migrated(`
entryPoints:
  web: { address: ":80" }
  websecure: { address: ":443", asDefault: true }
  traefik: { address: "127.0.0.1:8080" }
core: { defaultRuleSyntax: v2 }
providers:
  file: { directory: /srv/dynamic/, watch: true }
  consulCatalog:
    endpoint:
      address: consul.example.org:8501
      scheme: https
      datacenter: dc2
      endpointWaitTime: 30s
      tls: { ca: /etc/ca.pem, cert: /etc/c.pem, key: /etc/k.pem, insecureSkipVerify: true }
    prefix: edge
    exposedByDefault: false
    defaultRule: "Host(\`{{ .Name }}.example.org\`)"
    constraints: "Tag(\`public\`)"
    cache: true
    strictChecks: [Passing]
    namespaces: [team]
`);
    expect(contentOf(found)).toEqual({
      consul: {
        address: "https://consul.example.org:8501",
        datacenter: "dc2",
        wait: "30s",
        tls: { caFile: "/etc/ca.pem", certFile: "/etc/c.pem", keyFile: "/etc/k.pem", insecureSkipVerify: true },
        cached: true,
        namespace: "team",
      },
      traefik: {
        version: "3.6",
        ruleSyntax: "v2",
        prefix: "edge",
        exposedByDefault: false,
        defaultRule: "Host(`{{ .Name }}.example.org`)",
        constraints: "Tag(`public`)",
        strictChecks: ["passing"],
        entryPoints: ["web", "websecure"],
        defaultEntryPoints: ["websecure"],
      },
      output: { file: "/srv/dynamic/portolan.yml" },
      stateDir: "/var/lib/portolan",
    });
    expect(found.notes).toEqual([]);
  });

  test("Nomad's, and what Traefik does where nothing is said", () => {
    const found = migrated(
      "providers:\n  nomad:\n    endpoint: { address: 'http://10.0.0.1:4646', region: eu }\n    namespaces: [a, b]\n",
      "traefik.yml",
      "nomad",
    );
    expect(contentOf(found)).toEqual({
      nomad: { address: "http://10.0.0.1:4646", region: "eu", namespace: ["a", "b"], health: "none" },
      traefik: { version: "3.6", exposedByDefault: true },
      ...FILE,
    });
  });

  test("an empty provider is one with its defaults", () => {
    expect(contentOf(migrated("providers: { consulCatalog: {} }"))).toEqual({
      traefik: { version: "3.6", exposedByDefault: true },
      ...FILE,
    });
  });

  test("several namespaces of Consul become catalogs whose names keep apart what Traefik kept apart", () => {
    const found = migrated(
      "providers: { consulCatalog: { namespaces: [one, Two], endpoint: { address: c, token: s3cret } } }",
    );
    expect(contentOf(found)).toMatchObject({
      catalogs: [
        { name: "one", consul: { address: "http://c", namespace: "one" } },
        { name: "two", consul: { address: "http://c", namespace: "Two" } },
      ],
      equalNames: "prefix",
    });
  });

  test("version, entry points and the address of its API are those of the Traefik that runs", () => {
    const running = {
      api: { address: "http://127.0.0.1:8080", user: "u", passwordFile: "/etc/portolan/traefik-password" },
      version: "3.7.2",
      entryPoints: [
        { name: "web", isDefault: true },
        { name: "traefik", isDefault: false },
      ],
    };
    expect(
      contentOf(migrated("providers: { consulCatalog: {} }", "traefik.yml", "consulcatalog", running)),
    ).toMatchObject({
      traefik: { api: running.api, version: "3.7", entryPoints: ["web"], defaultEntryPoints: ["web"] },
    });
  });

  test.each([
    ["3.9.1", "3.7"],
    ["4.0.0", "3.7"],
    ["3.5.0", "3.6"],
    ["dev", "3.6"],
  ])("a Traefik %s is written as %s", (version, line) => {
    const found = migrated("providers: { consulCatalog: {} }", "traefik.yml", "consulcatalog", {
      version,
      entryPoints: [],
    });
    expect(contentOf(found)).toMatchObject({ traefik: { version: line } });
  });
});

describe("what is said beside them", () => {
  test.each<[string, string, Provider, RegExp]>([
    [
      "a token is not copied",
      "endpoint: { token: s3cret }",
      "consulcatalog",
      /secret endpoint\.token: .*CONSUL_HTTP_TOKEN/,
    ],
    [
      "nor a password",
      "endpoint: { httpAuth: { username: u, password: hunter2 } }",
      "consulcatalog",
      /secret endpoint\.httpAuth\.password: /,
    ],
    [
      "nor one within an address",
      "endpoint: { address: 'http://u:hunter2@c:8500' }",
      "consulcatalog",
      /secret endpoint\.address: /,
    ],
    [
      "nor a key",
      "endpoint: { tls: { key: '-----BEGIN KEY-----' } }",
      "consulcatalog",
      /secret endpoint\.tls\.key: .*tls\.keyFile/,
    ],
    ["Connect has no equal", "connectAware: true", "consulcatalog", /without-equal connectAware: .*gateway/],
    ["a template that is none", "defaultRule: 'Host({{'", "consulcatalog", /without-equal defaultRule: /],
    ["constraints that are none", "constraints: 'Tag('", "consulcatalog", /without-equal constraints: /],
    ["polling needs none", "refreshInterval: 15s", "consulcatalog", /unneeded refreshInterval: .*at once/],
    ["consistent reads", "requireConsistent: true", "consulcatalog", /without-equal requireConsistent: /],
    [
      "services scaled to zero",
      "allowEmptyServices: true",
      "nomad",
      /without-equal allowEmptyServices: .*routes: \{ keep/,
    ],
    [
      "a misspelt option",
      "strictCheck: [passing]",
      "consulcatalog",
      /unknown strictCheck: .*consulCatalog\.strictChecks meant/,
    ],
    ["an option that is unknown", "whatever: 1", "consulcatalog", /unknown whatever: /],
  ])("%s", (_, options, from, expected) => {
    const section = from === "nomad" ? "nomad" : "consulCatalog";
    const found = migrated(`providers: { ${section}: { ${options} } }`, "traefik.yml", from);
    contentOf(found);
    const told = found.notes.map(
      ({ kind, option, why, todo = "" }) => `${kind} ${option.replace(`providers.${section}.`, "")}: ${why}; ${todo}`,
    );
    expect(told.join("\n")).toMatch(expected);
    expect(told.join("\n")).not.toMatch(SECRETS);
  });

  test("the other catalog provider, and sections that Traefik does not have", () => {
    const found = migrated("providers: { consulCatalog: {}, nomad: {} }\nentrypoint: { web: { address: ':80' } }");
    expect(found.notes.map(({ option }) => option)).toEqual(["providers.nomad", "entrypoint"]);
  });
});

/** Traefik 3.6.12, pkg/provider/consulcatalog/consul_catalog.go and pkg/provider/nomad/nomad.go. */
const TRAEFIKS: Readonly<Record<Provider, readonly string[]>> = {
  consulcatalog: [
    ...[
      "constraints",
      "prefix",
      "refreshInterval",
      "requireConsistent",
      "stale",
      "cache",
      "exposedByDefault",
      "defaultRule",
    ],
    ...["connectAware", "connectByDefault", "serviceName", "watch", "strictChecks", "namespaces"],
    ...["address", "scheme", "datacenter", "token", "endpointWaitTime"].map((name) => `endpoint.${name}`),
    ...["ca", "cert", "key", "insecureSkipVerify"].map((name) => `endpoint.tls.${name}`),
    ...["username", "password"].map((name) => `endpoint.httpAuth.${name}`),
  ],
  nomad: [
    ...["defaultRule", "constraints", "prefix", "stale", "exposedByDefault", "refreshInterval", "allowEmptyServices"],
    ...["watch", "throttleDuration", "namespaces"],
    ...["address", "region", "token", "endpointWaitTime"].map((name) => `endpoint.${name}`),
    ...["ca", "cert", "key", "insecureSkipVerify"].map((name) => `endpoint.tls.${name}`),
  ],
};

test.each(["consulcatalog", "nomad"] as const)("each option of %s is known", (provider) => {
  expect([...optionsOf(provider)].sort()).toEqual([...TRAEFIKS[provider]].sort());
});

describe("the forms in which a static configuration is written", () => {
  const EXPECTED = {
    consul: { address: "http://c:8500" },
    traefik: { version: "3.6", exposedByDefault: false, prefix: "edge", entryPoints: ["web"] },
    ...FILE,
  };

  test.each([
    [
      "YAML",
      "traefik.yml",
      "entryPoints: { web: { address: ':80' } }\nproviders: { CONSULcatalog: { Endpoint: { Address: 'c:8500' }, exposedbydefault: false, prefix: edge } }",
    ],
    [
      "TOML",
      "traefik.toml",
      '[entryPoints.web]\naddress = ":80"\n[providers.consulCatalog]\nexposedByDefault = false\nprefix = "edge"\n[providers.consulCatalog.endpoint]\naddress = "c:8500"\n',
    ],
    [
      "flags",
      "flags.txt",
      "# of the unit\n--entryPoints.web.address=:80\n--providers.consulcatalog.endpoint.address=c:8500\n--providers.consulcatalog.exposedByDefault=false\n--providers.consulcatalog.prefix=edge\n",
    ],
    [
      "flags of a job",
      "args",
      'traefik \\\n  - "--entryPoints.web.address=:80",\n "--providers.consulcatalog.endpoint.address=c:8500",\n- --providers.consulcatalog.exposedByDefault=false\n--providers.consulcatalog.prefix=edge \\\n',
    ],
    [
      "variables",
      "traefik.env",
      'TRAEFIK_ENTRYPOINTS_WEB_ADDRESS=:80\nexport TRAEFIK_PROVIDERS_CONSULCATALOG_ENDPOINT_ADDRESS="c:8500"\nEnvironment=TRAEFIK_PROVIDERS_CONSULCATALOG_EXPOSEDBYDEFAULT=false\nTRAEFIK_PROVIDERS_CONSULCATALOG_PREFIX=edge\n',
    ],
  ])("%s", (_, name, text) => {
    expect(contentOf(migrated(text, name))).toEqual(EXPECTED);
  });

  test.each([
    ["another YAML file", "a: 1", /no section of Traefik's static configuration/],
    ["a dynamic configuration", "http: { routers: { a: { rule: x } } }", /is a dynamic configuration/],
    ["nothing", "", /no section/],
    ["a list", "[1, 2]", /no section/],
    ["what is no YAML", "a: [", /is not valid YAML/],
    ["aliases without an end", `a: &a [x]\n${"b: &b [*a, *a]\n".repeat(1)}c: 1`, /no section/],
    ["a depth without an end", `${"[".repeat(5_000)}`, /is not valid YAML|no section/],
    ["YAML by the name of TOML", "a: 1", /is not valid TOML/],
  ])("%s is refused in one line", (what, text, fault) => {
    const parsed = parseStatic(text, what.endsWith("TOML") ? "traefik.toml" : "traefik.yml");
    expect(parsed).toMatchObject({ kind: "refused", fault: expect.stringMatching(fault) });
    if (parsed.kind === "refused") expect(parsed.fault).not.toContain("\n");
  });

  test("a file without the provider says which ones it has", () => {
    const parsed = parseStatic("providers: { docker: {}, file: { directory: /x } }", "traefik.yml");
    expect(parsed.kind === "parsed" && migrateStatic(parsed.options, "nomad", undefined)).toEqual({
      kind: "refused",
      configured: ["docker", "file"],
    });
  });
});
