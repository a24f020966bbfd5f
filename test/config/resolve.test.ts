import { describe, expect, test } from "vitest";
import { resolveSettings, type SettingsInput } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";

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

  test("the file that was given is not changed", () => {
    const content = structuredClone(file);
    settingsOf({ content, environment, flags });
    expect(content).toEqual(file);
  });
});

test("without anything but what is required the defaults count", () => {
  expect(settingsOf({})).toMatchObject({
    traefik: { version: "3.6", prefix: "traefik", exposedByDefault: false, strictChecks: ["passing", "warning"] },
    ports: { dynamic: { first: 20_000, last: 32_000 }, exceptions: [] },
    routes: { zeroInstanceGrace: 600_000 },
    guard: { removalCount: 5, removalShare: 0.3, confirmAfter: 10_000, resetHold: 300_000 },
    publish: { quiet: 100, maxDelay: 1_000 },
    output: { mode: 0o640 },
    listen: { host: "127.0.0.1", port: 9532 },
    log: { level: "info", format: "auto" },
  });
});

test("every problem is told at once, with its path, what was found, what is allowed and where it came from", () => {
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
  const told = errors.map((error) => error.replace(/; .*/, ""));
  expect(told.toSorted((a, b) => a.localeCompare(b))).toEqual([
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

test("rules across fields are told too", () => {
  const content = { ...REQUIRED, consul: { tls: { certFile: "c.pem" } }, publish: { quiet: "2s", maxDelay: "1s" } };
  expect(errorsOf({ content })).toEqual([
    expect.stringContaining("consul.tls: found only one of certFile and keyFile"),
    expect.stringContaining("publish.maxDelay: found less than publish.quiet"),
  ]);
});

test("--nomad-addr is refused, with the way that there is", () => {
  expect(errorsOf({ flags: { "nomad-addr": "http://127.0.0.1:4646" } })).toEqual([
    expect.stringMatching(/^--nomad-addr: this version has no Nomad source yet; .*--consul-addr/),
  ]);
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
