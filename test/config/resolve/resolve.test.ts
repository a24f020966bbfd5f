import { describe, expect, test } from "vitest";
import type { Settings } from "../../../src/config/files/schema.ts";
import { coreSettings } from "../../../src/config/resolve/core-settings.ts";
import { resolveSettings, type SettingsInput } from "../../../src/config/resolve/resolve.ts";

const REQUIRED = { output: { file: "/srv/portolan.yml" }, stateDir: "/var/lib/portolan" };

function resolve(input: {
  content?: unknown;
  environment?: SettingsInput["environment"];
  flags?: SettingsInput["flags"];
}) {
  const { content = REQUIRED, environment = {}, flags = {} } = input;
  return resolveSettings({ file: { name: "portolan.yaml", content }, environment, flags });
}

function settingsOf(input: Parameters<typeof resolve>[0]): Settings {
  const resolved = resolve(input);
  if (resolved.kind === "refused") throw new Error(resolved.errors.join("\n"));
  return resolved.settings;
}

function errorsOf(input: Parameters<typeof resolve>[0]): readonly string[] {
  const resolved = resolve(input);
  if (resolved.kind === "resolved") throw new Error("the settings were not refused");
  return resolved.errors;
}

describe("where a setting comes from", () => {
  const file = { ...REQUIRED, consul: { address: "http://file:8500" } };
  const environment = { CONSUL_HTTP_ADDR: "http://env:8500" };
  const flags = { "consul-addr": "http://flag:8500" };

  test("a flag wins over the environment, which wins over the file, which wins over the default", () => {
    expect(settingsOf({ content: file, environment, flags }).consul.address).toBe("http://flag:8500");
    expect(settingsOf({ content: file, environment }).consul.address).toBe("http://env:8500");
    expect(settingsOf({ content: file }).consul.address).toBe("http://file:8500");
    expect(settingsOf({}).consul.address).toBe("http://127.0.0.1:8500");
  });

  test("an empty variable counts as unset", () => {
    const empty = { CONSUL_HTTP_ADDR: "", CONSUL_HTTP_TOKEN: "" };
    expect(settingsOf({ content: file, environment: empty }).consul).toMatchObject({ address: "http://file:8500" });
    expect(settingsOf({ environment: empty }).consul.token).toBeUndefined();
  });

  test("Consul's own variables count", () => {
    const { consul } = settingsOf({
      environment: {
        CONSUL_HTTP_ADDR: "consul.lab.local:8501",
        CONSUL_HTTP_SSL: "true",
        CONSUL_HTTP_TOKEN_FILE: "/run/token",
        CONSUL_CACERT: "/etc/ca.pem",
        CONSUL_CLIENT_CERT: "/etc/cert.pem",
        CONSUL_CLIENT_KEY: "/etc/key.pem",
        CONSUL_TLS_SERVER_NAME: "server.dc1.consul",
        CONSUL_NAMESPACE: "team",
      },
    });
    expect(consul).toMatchObject({
      address: "https://consul.lab.local:8501",
      tokenFile: "/run/token",
      namespace: "team",
      tls: {
        caFile: "/etc/ca.pem",
        certFile: "/etc/cert.pem",
        keyFile: "/etc/key.pem",
        serverName: "server.dc1.consul",
      },
    });
  });

  test.each([
    ["true", { CONSUL_HTTP_ADDR: "consul.lab.local" }, {}, "https://consul.lab.local"],
    ["1", {}, { "consul-addr": "consul.lab.local:8501" }, "https://consul.lab.local:8501"],
    ["TRUE", {}, {}, "https://127.0.0.1:8500"],
    ["true", { CONSUL_HTTP_ADDR: "http://consul.lab.local" }, {}, "http://consul.lab.local"],
    ["true", { CONSUL_HTTP_ADDR: "unix:///run/consul.sock" }, {}, "unix:///run/consul.sock"],
    ["false", { CONSUL_HTTP_ADDR: "consul.lab.local" }, {}, "http://consul.lab.local"],
    ["perhaps", { CONSUL_HTTP_ADDR: "consul.lab.local" }, {}, "http://consul.lab.local"],
  ])("CONSUL_HTTP_SSL=%s counts where no scheme is named: %j %j", (CONSUL_HTTP_SSL, named, flags, address) => {
    expect(settingsOf({ environment: { ...named, CONSUL_HTTP_SSL }, flags }).consul.address).toBe(address);
  });

  test.each([
    ["CONSUL_HTTP_SSL_VERIFY", "false", {}, "consul", true],
    ["CONSUL_HTTP_SSL_VERIFY", "1", {}, "consul", false],
    ["NOMAD_SKIP_VERIFY", "T", { "nomad-addr": "https://n:4646" }, "nomad", true],
  ] as const)("%s=%s", (variable, value, flags, catalog, insecureSkipVerify) => {
    expect(settingsOf({ environment: { [variable]: value }, flags })[catalog].tls).toEqual({ insecureSkipVerify });
  });

  test("a variable that is no boolean is refused by its name", () => {
    expect(errorsOf({ environment: { CONSUL_HTTP_SSL_VERIFY: "no" } })).toEqual([
      'consul.tls.insecureSkipVerify: found "no"; true or false is allowed (environment CONSUL_HTTP_SSL_VERIFY)',
    ]);
  });

  test("the file that was given is not changed", () => {
    const content = structuredClone(file);
    settingsOf({ content, environment, flags });
    expect(content).toEqual(file);
  });
});

test("with only the required settings the defaults count", () => {
  expect(settingsOf({})).toMatchObject({
    traefik: { version: "3.6", prefix: "traefik", exposedByDefault: false, strictChecks: ["passing", "warning"] },
    ports: { exceptions: [] },
    routes: { zeroInstanceGrace: 600_000 },
    guard: { removalCount: 5, removalShare: 0.3, confirmAfter: 10_000, resetHold: 300_000 },
    publish: { quiet: 100, maxDelay: 1_000 },
    output: { mode: 0o640 },
    listen: { host: "127.0.0.1", port: 9532 },
    log: { level: "info", format: "auto" },
  });
});

test("schedulers: at their usual address, and beside a range, since they are asked for more than ports", () => {
  expect(settingsOf({ content: { ...REQUIRED, ports: { dynamic: "1-2" }, schedulers: [{}] } })).toMatchObject({
    ports: { dynamic: { first: 1, last: 2 } },
    schedulers: [{ address: "http://127.0.0.1:4646", tls: { insecureSkipVerify: false } }],
  });
  const schedulers = [{ token: "t0ps3cret", tls: { certFile: "c.pem" } }];
  const errors = errorsOf({ content: { ...REQUIRED, schedulers } }).join("\n");
  expect(errors).toContain(
    "schedulers.0.token: not a setting; allowed here: address, tokenFile, region, draining, tls",
  );
  expect(errors).not.toContain("t0ps3cret");
  expect(errorsOf({ content: { ...REQUIRED, schedulers: [{ tls: { certFile: "c.pem" } }] } })).toEqual([
    expect.stringContaining("schedulers.0.tls: found only one of certFile and keyFile"),
  ]);
});

test("the old name of schedulers is read with a warning, and not beside the new one", () => {
  const nomad = [{ address: "http://n:4646" }];
  const old = settingsOf({ content: { ...REQUIRED, ports: { nomad, exceptions: [] } } });
  const named = settingsOf({ content: { ...REQUIRED, schedulers: nomad, ports: { exceptions: [] } } });
  expect(old.warnings).toEqual([
    "ports.nomad: is called schedulers now; move the list to schedulers at the top of the file",
  ]);
  expect([old.schedulers, old.ports]).toEqual([named.schedulers, named.ports]);
  expect(errorsOf({ content: { ...REQUIRED, ports: { nomad }, schedulers: nomad } })).toEqual([
    expect.stringContaining("ports.nomad: found beside schedulers, its new name"),
  ]);
});

test("every problem is listed at once, with its path, what was found, what is allowed and where it came from", () => {
  const errors = errorsOf({
    content: {
      consul: { adress: "x", connectionBudget: 4, tls: { certFile: "c.pem" } },
      traefik: { version: "4.0", exposedByDefault: "yes", defaultRule: "{{ env `HOME` }}" },
      ports: { dynamic: "32000-20000", exceptions: [{ service: "dns", ports: 99_999, purpose: "x" }] },
      guard: { removalShare: 2 },
      output: { file: "portolan.json", mode: "0999" },
    },
    flags: { listen: "9532", "log-level": "loud" },
    environment: { CONSUL_HTTP_ADDR: "ftp://x" },
  });
  const summaries = errors.map((error) => error.replace(/; .*/, ""));
  expect(summaries.toSorted((a, b) => a.localeCompare(b))).toEqual([
    'consul.address: found "ftp://x"',
    "consul.adress: not a setting",
    "consul.connectionBudget: found 4",
    "guard.removalShare: found 2",
    'listen: found "9532"',
    'log.level: found "loud"',
    'output.file: found "portolan.json"',
    'output.mode: found "0999"',
    'ports.dynamic: found "32000-20000"',
    "ports.exceptions.0.ports: found 99999",
    "stateDir: found nothing",
    'traefik.defaultRule: found "{{ env `HOME` }}"',
    'traefik.exposedByDefault: found "yes"',
    'traefik.version: found "4.0"',
  ]);
  expect(errors).toContain(
    'consul.address: found "ftp://x"; http://HOST:PORT, https://HOST:PORT or unix:///PATH is allowed (environment CONSUL_HTTP_ADDR)',
  );
  expect(errors).toContain('log.level: found "loud"; allowed: debug, info, warn, error (flag --log-level)');
  expect(errors).toContain("consul.connectionBudget: found 4; at least 8 is allowed (portolan.yaml)");
  expect(errors.find((error) => error.startsWith("stateDir"))).toContain("--state-dir DIR or stateDir in the settings");
});

test("the prefix of portolan's own tags is refused", () => {
  expect(errorsOf({ content: { ...REQUIRED, traefik: { prefix: "portolan" } } })).toEqual([
    'traefik.prefix: found "portolan"; any other text is allowed: portolan\'s own tags start so (portolan.yaml)',
  ]);
});

test("rules across fields are checked too", () => {
  const content = { ...REQUIRED, consul: { tls: { certFile: "c.pem" } }, publish: { quiet: "2s", maxDelay: "1s" } };
  expect(errorsOf({ content })).toEqual([
    expect.stringContaining("consul.tls: found only one of certFile and keyFile"),
    expect.stringContaining("publish.maxDelay: found less than publish.quiet"),
  ]);
});

describe("a login at Consul", () => {
  const login = { authMethod: "portolan", jwtFile: "/secrets/nomad_portolan.jwt" };
  const content = { ...REQUIRED, consul: { login } };

  test("needs an auth method and a JWT", () => {
    expect(settingsOf({ content }).consul.login).toEqual({ ...login, meta: {} });
    expect(errorsOf({ content: { ...REQUIRED, consul: { login: {} } } })).toEqual([
      expect.stringMatching(/^consul\.login\.authMethod: found nothing/),
      expect.stringMatching(/^consul\.login\.jwtFile: found nothing/),
    ]);
  });

  test.each([
    ["token", "CONSUL_HTTP_TOKEN"],
    ["tokenFile", "CONSUL_HTTP_TOKEN_FILE"],
  ])("beside a %s is refused, with the place where that comes from", (field, variable) => {
    const message = `consul.${field}: found beside consul.login; one source of tokens is allowed: remove the other`;
    expect(errorsOf({ content, environment: { [variable]: "s3cret" } })).toEqual([
      `${message} (environment ${variable})`,
    ]);
    expect(errorsOf({ content: { ...REQUIRED, consul: { login, [field]: "s3cret" } } })).toEqual([
      `${message} (portolan.yaml)`,
    ]);
  });
});

describe("Nomad", () => {
  const inTask = { NOMAD_NAMESPACE: "apps", NOMAD_REGION: "global", NOMAD_TOKEN: "t", NOMAD_SKIP_VERIFY: "maybe" };

  test("is charted where its address is named, with the variables of its own tools", () => {
    const environment = {
      NOMAD_ADDR: "nomad.internal:4646",
      NOMAD_TOKEN: "t",
      NOMAD_TOKEN_FILE: "/secrets/nomad_token",
      NOMAD_REGION: "eu",
      NOMAD_NAMESPACE: "*",
      NOMAD_CACERT: "ca.pem",
      NOMAD_CLIENT_CERT: "cert.pem",
      NOMAD_CLIENT_KEY: "key.pem",
      NOMAD_TLS_SERVER_NAME: "server.eu.nomad",
      NOMAD_SKIP_VERIFY: "1",
    };
    expect(settingsOf({ environment }).nomad).toMatchObject({
      address: "http://nomad.internal:4646",
      token: "t",
      tokenFile: "/secrets/nomad_token",
      region: "eu",
      namespace: ["*"],
      wait: 60_000,
      connectionBudget: 32,
      parallelReads: 8,
      tls: {
        caFile: "ca.pem",
        certFile: "cert.pem",
        keyFile: "key.pem",
        serverName: "server.eu.nomad",
        insecureSkipVerify: true,
      },
    });
  });

  test("in a task the variables that Nomad sets stand in for what the file does not say, and elsewhere they win", () => {
    const nomad = { address: "http://n:4646", namespace: ["default", "team"], region: "eu" };
    const content = { ...REQUIRED, nomad };
    const variables = { NOMAD_NAMESPACE: "apps", NOMAD_REGION: "global" };
    const task = { ...variables, NOMAD_ALLOC_ID: "5f1c2c4e-0000-4000-8000-000000000001" };
    expect(settingsOf({ content, environment: task }).nomad).toMatchObject(nomad);
    const silent = { ...REQUIRED, nomad: { address: "http://n:4646" } };
    const ofTask = { namespace: ["apps"], region: "global" };
    expect(settingsOf({ content: silent, environment: task }).nomad).toMatchObject(ofTask);
    expect(settingsOf({ content, environment: variables }).nomad).toMatchObject(ofTask);
  });

  test.each([
    ["team", ["team"]],
    ["*", ["*"]],
    [
      ["a", "b", "a"],
      ["a", "b"],
    ],
    [["*"], ["*"]],
  ])("the namespace %j is the list %j", (namespace, expected) => {
    const content = { ...REQUIRED, nomad: { address: "http://n:4646", namespace } };
    expect(settingsOf({ content }).nomad.namespace).toEqual(expected);
  });

  test.each([["team,other"], ["team-*"], [[]], [["*", "team"]], [["a b"]], [7]])(
    "the namespace %j is refused with what is allowed",
    (namespace) => {
      const content = { ...REQUIRED, nomad: { address: "http://n:4646", namespace } };
      expect(errorsOf({ content })).toEqual([
        expect.stringMatching(/^nomad\.namespace: found .+; a namespace, a list as in \[default, team\], or "\*" /),
      ]);
    },
  );

  test.each([
    ["javascript:alert(1)"],
    ["//nomad"],
    ["https://u:p@nomad"],
    ["https://nomad/?x=1"],
    ["nomad:4646"],
    [""],
  ])("a web interface at %j is refused", (nomad) => {
    expect(errorsOf({ content: { ...REQUIRED, links: { nomad } } })).toEqual([
      expect.stringMatching(/^links\.nomad: found .*; https:\/\/HOST or http:\/\/HOST:PORT is allowed/),
    ]);
  });

  test("is not charted where only the variables are set that every Nomad task has", () => {
    const settings = settingsOf({ environment: inTask });
    expect(settings.nomad).not.toHaveProperty("address");
    expect(settings.nomad).not.toHaveProperty("token");
    expect(settings.nomad.tls.insecureSkipVerify).toBe(false);
  });

  test("where it is charted, a variable that is no boolean is refused", () => {
    expect(errorsOf({ environment: inTask, flags: { "nomad-addr": "http://n:4646" } })).toEqual([
      'nomad.tls.insecureSkipVerify: found "maybe"; true or false is allowed (environment NOMAD_SKIP_VERIFY)',
    ]);
  });

  test("beside Consul is refused, with the remedies", () => {
    expect(errorsOf({ flags: { "nomad-addr": "http://n:4646", "consul-addr": "http://c:8500" } })).toEqual([
      expect.stringMatching(
        /^nomad\.address: found beside consul\.address; .*keep one of --consul-addr and --nomad-addr/,
      ),
    ]);
  });

  test("needs both files of a client certificate", () => {
    const content = { ...REQUIRED, nomad: { address: "https://n:4646", tls: { keyFile: "k.pem" } } };
    expect(errorsOf({ content })).toEqual([
      expect.stringContaining("nomad.tls: found only one of certFile and keyFile"),
    ]);
  });

  test("does not show its token either", () => {
    const [error] = errorsOf({ content: { ...REQUIRED, nomad: { address: "n:4646", token: 12_345_678 } } });
    expect(error).toMatch(/^nomad\.token: found a value that is not shown/);
  });
});

describe("a list of catalogs", () => {
  const listing = (...catalogs: readonly unknown[]) => ({ content: { ...REQUIRED, catalogs } });

  test("has the fields of the sections, with their defaults, and Nomad's usual address", () => {
    const { catalogs } = settingsOf(
      listing({ name: "dc1", consul: { datacenter: "dc1" } }, { name: "jobs", nomad: {} }),
    );
    expect(catalogs).toMatchObject([
      { name: "dc1", consul: { address: "http://127.0.0.1:8500", datacenter: "dc1", connectionBudget: 64 } },
      { name: "jobs", nomad: { address: "http://127.0.0.1:4646", wait: 60_000 } },
    ]);
  });

  test("takes nothing from the environment: it knows one of each kind, and a token is for one cluster", () => {
    const ofOne = { CONSUL_HTTP_ADDR: "c:8500", CONSUL_HTTP_TOKEN: "t", NOMAD_ADDR: "n:4646" };
    const environment = { ...ofOne, CONSUL_HTTP_SSL: "true", CONSUL_HTTP_SSL_VERIFY: "false" };
    const settings = settingsOf({ ...listing({ name: "dc1", consul: {} }), environment });
    expect(settings.catalogs).toEqual([{ name: "dc1", consul: settings.consul }]);
    expect(JSON.stringify(settings)).not.toContain("n:4646");
    expect(settings.consul).not.toHaveProperty("token");
  });

  test.each([
    ["a section", { consul: { token: "t" } }, {}, /^catalogs: found beside consul .*\(portolan\.yaml\)$/],
    [
      "a section without an address",
      { nomad: {} },
      {},
      /^catalogs: found beside nomad .*, as - \{ name: …, nomad: \{…\} \}/,
    ],
    ["a flag", {}, { "nomad-addr": "http://n:4646" }, /^catalogs: found beside nomad \(its section, or --nomad-addr\)/],
  ])("beside %s is refused, with the remedy", (_, sections, flags, message) => {
    const content = { ...REQUIRED, ...sections, catalogs: [{ name: "dc1", consul: {} }] };
    expect(errorsOf({ content, flags })).toEqual([expect.stringMatching(message)]);
  });

  test.each<[string, readonly unknown[], string]>([
    ["none", [], "catalogs: found a list; a list of at least 1 entry is allowed"],
    [
      "a name that cannot be a file's",
      [{ name: "dc/1", consul: {} }],
      'catalogs.0.name: found "dc/1"; lower-case letters',
    ],
    [
      "both kinds at once",
      [{ name: "x", consul: {}, nomad: {} }],
      "catalogs.0: found a mapping; exactly one of consul and nomad",
    ],
    ["neither kind", [{ name: "x" }], "catalogs.0: found a mapping; exactly one of consul and nomad"],
    [
      "a name twice",
      [
        { name: "x", consul: {} },
        { name: "x", nomad: {} },
      ],
      'catalogs.1.name: found "x"; a name that no other catalog has',
    ],
    [
      "a misspelt field",
      [{ name: "x", consul: { adress: "c" } }],
      "catalogs.0.consul.adress: not a setting; allowed here: address,",
    ],
    [
      "half a client certificate",
      [{ name: "x", consul: { tls: { keyFile: "k.pem" } } }],
      "catalogs.0.consul.tls: found only one of certFile and keyFile",
    ],
    [
      "a token that is no text",
      [{ name: "x", consul: { token: 12_345_678 } }],
      "catalogs.0.consul.token: found a value that is not shown",
    ],
  ])("of %s is refused by its path", (_, catalogs, message) => {
    const errors = errorsOf(listing(...catalogs));
    expect(errors).toEqual([expect.stringContaining(message)]);
    expect(errors.join()).not.toContain("12345678");
  });
});

test("a file that is no mapping is refused by name", () => {
  expect(errorsOf({ content: ["a"] })).toEqual(["portolan.yaml: found a list; a mapping of settings is allowed"]);
});

describe("secrets", () => {
  test("a token of a wrong type is not shown", () => {
    const [error] = errorsOf({ content: { ...REQUIRED, consul: { token: 12_345_678 } } });
    expect(error).toMatch(/^consul\.token: found a value that is not shown/);
    expect(error).not.toContain("12345678");
  });

  test("a password in an address is not shown", () => {
    const [error] = errorsOf({ content: { ...REQUIRED, consul: { address: "ftp://user:s3cret@host" } } });
    expect(error).toContain('found "ftp://***@host"');
    expect(error).not.toContain("s3cret");
  });

  test.each([
    "http://user:s3cret@consul:8500",
    "user:s3cret@consul:8500",
    "user:s3/cr@et@consul:8500",
    "http://s3cret@consul:8500",
    "http://consul:8500/?token=s3cret",
    "consul:8500?token=s3cret",
  ])("an address with credentials is refused rather than asked without them, and not shown: %s", (address) => {
    for (const content of [{ consul: { address } }, { catalogs: [{ name: "a", consul: { address } }] }]) {
      const [error] = errorsOf({ content: { ...REQUIRED, ...content } });
      expect(error).toMatch(/address: found ".*; an address without user, password and query is allowed|HOST:PORT/);
      expect(error).not.toMatch(/s3|cr@et/);
    }
  });

  test.each<[string, unknown]>([
    ["where a mapping belongs", { consul: "s3cret-token" }],
    ["where the login belongs", { consul: { login: "s3cret.jwt.text" } }],
    ["where a list belongs", { traefik: { entryPoints: "s3cret" } }],
  ])("a text is not shown %s", (_, content) => {
    expect(errorsOf({ content: { ...REQUIRED, ...Object(content) } }).join("\n")).not.toContain("s3cret");
  });

  test("a token is not shown with a problem of the mapping around it", () => {
    const errors = errorsOf({ content: { ...REQUIRED, consul: [{ token: "s3cret" }] } });
    expect(errors.join("\n")).not.toContain("s3cret");
  });
});

test.each<[string, unknown, unknown]>([
  ["ports.dynamic", "24563", { first: 24_563, last: 24_563 }],
  ["ports.dynamic", 24_563, { first: 24_563, last: 24_563 }],
  ["ports.dynamic", "1-65535", { first: 1, last: 65_535 }],
  ["listen", ":9532", { host: "0.0.0.0", port: 9532 }],
  ["listen", "[::1]:9532", { host: "::1", port: 9532 }],
  ["output.mode", "644", 0o644],
  ["traefik.version", 3.7, "3.7"],
  ["traefik.strictChecks", ["PASSING"], ["passing"]],
  ["consul.address", "unix:///run/consul.sock", "unix:///run/consul.sock"],
  ["consul.address", "127.0.0.1:8500", "http://127.0.0.1:8500"],
  ["routes.zeroInstanceGrace", "1h30m", 5_400_000],
  ["links.consul", "https://Consul.example.org/", "https://consul.example.org"],
  ["links.nomad", "http://edge.example.org:4646/nomad/", "http://edge.example.org:4646/nomad"],
  ["links.traefik", "https://traefik.example.org/", "https://traefik.example.org"],
])("%s: %j becomes %j", (path, written, expected) => {
  const [section = "", field] = path.split(".");
  const known = Reflect.get(REQUIRED, section);
  const content = { ...REQUIRED, [section]: field === undefined ? written : { ...known, [field]: written } };
  const value: unknown = Reflect.get(settingsOf({ content }), section);
  expect(field === undefined ? value : Reflect.get(Object(value), field)).toEqual(expected);
});

test.each<[string, string]>([
  ["0-10", "ports"],
  ["20000-65536", "ports"],
  ["a-b", "ports"],
  ["20000-", "ports"],
  ["-1s", "grace"],
  ["10", "grace"],
  ["1d", "grace"],
])("%j is refused (%s)", (written, kind) => {
  const content = kind === "ports" ? { ports: { dynamic: written } } : { routes: { zeroInstanceGrace: written } };
  expect(errorsOf({ content: { ...REQUIRED, ...content } })).toHaveLength(1);
});

describe("what the settings define for tags to name", () => {
  const defining = (define: unknown, traefik = {}) => ({ content: { ...REQUIRED, define, traefik } });

  test("is in the form of Traefik's files", () => {
    const define = { http: { serversTransports: { own: { insecureSkipVerify: true } } } };
    expect(settingsOf(defining(define)).define.http.serversTransports).toEqual(define.http.serversTransports);
  });

  test.each([
    [
      { http: { serversTransports: { own: { insecureSkipVerfy: true } } } },
      /^define\.http\.serversTransports\.own: found "insecureSkipVerfy", .*allowed: serverName, insecureSkipVerify, .*write "insecureSkipVerify" \(portolan\.yaml\)$/,
    ],
    [
      { tls: { options: { own: { sniStrict: "perhaps" } } } },
      /^define\.tls\.options\.own\.sniStrict: found "perhaps"; allowed: true or false/,
    ],
    [{ http: { serversTransports: { own: {} } } }, /^define\.http\.serversTransports\.own: found nothing;/],
    [{ http: { serversTransports: { own: { minVersion: "VersionTLS12" } } } }, /only traefik 3\.7 and later know/],
    [{ http: { middlewares: {} } }, /^define\.http\.middlewares: not a setting; allowed here: serversTransports/],
  ])("is judged by the Traefik line's fields: %j", (define, message) => {
    expect(errorsOf(defining(define))).toEqual([expect.stringMatching(message)]);
  });

  test("a field of 3.7 is one where Traefik is", () => {
    const define = { http: { serversTransports: { own: { minVersion: "VersionTLS12" } } } };
    expect(settingsOf(defining(define, { version: "3.7" })).define).toMatchObject(define);
  });
});

describe("a number where text belongs", () => {
  test.each<[unknown, string]>([
    [
      { ...REQUIRED, routes: { zeroInstanceGrace: 60 } },
      'routes.zeroInstanceGrace: found 60; a duration with its unit is allowed: "60s" for 60 seconds',
    ],
    [
      { ...REQUIRED, consul: { wait: 1.5 } },
      'consul.wait: found 1.5; a duration with its unit is allowed: "1.5s" for 1.5 seconds',
    ],
    [
      { ...REQUIRED, output: { file: "/srv/a.yml", mode: 640 } },
      'output.mode: found 640; an octal file mode in quotes is allowed: "0640"',
    ],
    // YAML has read 0o640.
    [
      { ...REQUIRED, output: { file: "/srv/a.yml", mode: 0o640 } },
      'output.mode: found 416; an octal file mode in quotes is allowed: "0416" or "0640"',
    ],
    [
      { ...REQUIRED, output: { file: "/srv/a.yml", mode: true } },
      "output.mode: found true; a text is allowed, in quotes",
    ],
  ])("%j: %s", (content, message) => {
    expect(errorsOf({ content })).toEqual([`${message} (portolan.yaml)`]);
  });
});

describe("serving the chart to other machines", () => {
  const tls = { certFile: "cert.pem", keyFile: "key.pem" };
  const errorsWith = (serve: object) => {
    const resolved = resolve({ content: { ...REQUIRED, serve } });
    return resolved.kind === "resolved" ? [] : resolved.errors;
  };

  test("is off where nothing is said of it", () => {
    expect(settingsOf({}).serve).toBeUndefined();
  });

  test.each([
    [{ listen: "127.0.0.1:9533", tokenFile: "t" }],
    [{ listen: "[::1]:9533", tokenFile: "t" }],
    [{ listen: "localhost:9533", tokenFile: "t" }],
    [{ listen: ":9533", tokenFile: "t", tls }],
    [{ listen: "10.0.0.7:9533", tls: { ...tls, caFile: "ca.pem" } }],
  ])("%j is allowed", (serve) => {
    expect(errorsWith(serve)).toEqual([]);
  });

  test.each(["10.0.0.7:9533", ":9533", "0.0.0.0:9533", "[::]:9533", "[::ffff:127.0.0.1]:9533", "edge-1.internal:9533"])(
    "without TLS at %s is refused, and both remedies are sound",
    (listen) => {
      const [error = "", ...others] = errorsWith({ listen, tokenFile: "t" });
      expect(others).toEqual([]);
      expect(error).toMatch(/^serve\.listen: found .* without TLS, and a chart holds password hashes; /);
      expect(error).toContain("(portolan.yaml)");
      expect(errorsWith({ listen: /as in (\S+),/.exec(error)?.[1], tokenFile: "t" })).toEqual([]);
      expect(errorsWith({ listen, tokenFile: "t", tls: { certFile: "FILE", keyFile: "FILE" } })).toEqual([]);
    },
  );

  test("without a token is refused, on loopback too, where other users of the machine are", () => {
    expect(errorsWith({ listen: "127.0.0.1:9533" })).toEqual([
      expect.stringMatching(/^serve\.tokenFile: found nothing; .*openssl rand -hex 32/),
    ]);
  });

  test.each([[{ certFile: "c" }], [{ keyFile: "k" }], [{ caFile: "a" }]])(
    "with half of TLS, %j, is refused",
    (half) => {
      expect(errorsWith({ listen: "127.0.0.1:9533", tokenFile: "t", tls: half })).toEqual([
        expect.stringMatching(/^serve\.tls: found \w+ alone; certFile and keyFile are allowed together/),
      ]);
    },
  );

  test.each([
    ["127.0.0.1:9532", "127.0.0.1:9532"],
    [":9532", "127.0.0.1:9532"],
    ["127.0.0.1:9532", ":9532"],
  ])("at %s where the status is at %s is refused: it is a listener of its own", (listen, status) => {
    const content = { ...REQUIRED, listen: status, serve: { listen, tokenFile: "t", tls } };
    expect(errorsOf({ content })).toEqual([expect.stringMatching(/^serve\.listen: found .*; another port is allowed/)]);
  });

  test("a token in the settings themselves is refused and not shown", () => {
    const errors = errorsWith({ listen: "127.0.0.1:9533", token: "t0ps3cret" });
    expect(errors).toEqual([
      expect.stringMatching(/^serve\.token: not a setting; allowed here: listen, tokenFile, tls/),
    ]);
    expect(errorsWith("t0ps3cret" as unknown as object).join()).not.toContain("t0ps3cret");
  });
});

describe("Traefik's API", () => {
  const withApi = (api: unknown, environment: SettingsInput["environment"] = {}) => ({
    content: { ...REQUIRED, traefik: { api } },
    environment,
  });

  test("is not asked where nothing is said of it", () => {
    expect(settingsOf({}).traefik.api).toBeUndefined();
    expect(settingsOf({ environment: { PORTOLAN_TRAEFIK_API_PASSWORD: "s3cret" } }).traefik.api).toBeUndefined();
  });

  test.each(["http://127.0.0.1:8080", "unix:///run/traefik.sock", "https://traefik.example.org/edge"])(
    "is named by its address alone, or with more: %s",
    (address) => {
      expect(settingsOf(withApi(address)).traefik.api).toEqual(settingsOf(withApi({ address })).traefik.api);
      expect(settingsOf(withApi(address)).traefik.api).toMatchObject({ address });
    },
  );

  test("of an edge is its own", () => {
    const edges = [{ name: "public", prefix: "public", file: "/srv/public/p.yml", api: "127.0.0.1:8081" }];
    const { edges: found, traefik } = settingsOf({ content: { ...REQUIRED, edges } });
    expect(found[0]?.api?.address).toBe("http://127.0.0.1:8081");
    expect(traefik.api).toBeUndefined();
  });

  test("takes the password from the file or the environment, with a user", () => {
    const api = { address: "http://127.0.0.1:8080", user: "ann" };
    const environment = { PORTOLAN_TRAEFIK_API_PASSWORD: "s3cret" };
    expect(settingsOf(withApi(api, environment)).traefik.api).toMatchObject({ user: "ann", password: "s3cret" });
    expect(settingsOf(withApi({ ...api, passwordFile: "/run/p" })).traefik.api).toMatchObject({
      passwordFile: "/run/p",
    });
  });

  test.each<[string, unknown, string]>([
    [
      "a user without a password",
      { address: "http://a", user: "ann" },
      "traefik.api.passwordFile: found nothing beside traefik.api.user",
    ],
    [
      "a password without a user",
      { address: "http://a", password: "s3cret" },
      "traefik.api.user: found nothing beside a password",
    ],
    ["no address", { user: "ann", password: "s3cret" }, "traefik.api.address: found nothing"],
    ["a password in the address", "http://ann:s3cret@a", "the user and the password go into user and passwordFile"],
    [
      "a password of another kind",
      { address: "http://a", user: "ann", password: 53_734 },
      "traefik.api.password: found a value that is not shown",
    ],
    [
      "half a client certificate",
      { address: "https://a", tls: { certFile: "c" } },
      "traefik.api.tls: found only one of certFile and keyFile",
    ],
  ])("with %s is refused, and no secret is shown", (_what, api, says) => {
    const errors = errorsOf(withApi(api)).join("\n");
    expect(errors).toContain(says);
    expect(errors).not.toMatch(/s3cret|53734/);
  });

  test("of an edge, with a password of another kind, shows no secret either", () => {
    const api = { address: "http://a", user: "ann", password: 53_734 };
    const edges = [{ name: "public", prefix: "public", file: "/srv/public/p.yml", api }];
    expect(errorsOf({ content: { ...REQUIRED, edges } }).join("\n")).not.toContain("53734");
  });

  test("is nothing that routes depend on: naming one holds nothing, and the core does not know of it", () => {
    const forRoutes = (traefik: object) => {
      const resolved = resolve({ content: { ...REQUIRED, traefik } });
      return resolved.kind === "resolved" ? JSON.stringify(resolved.forRoutes) : undefined;
    };
    expect(forRoutes({ prefix: "edge", api: { address: "http://a", user: "u", password: "p" } })).toBe(
      forRoutes({ prefix: "edge" }),
    );
    expect(Object.keys(coreSettings(settingsOf(withApi("http://a"))).traefik)).not.toContain("api");
  });
});
