import { describe, expect, test } from "vitest";
import { parseLedger } from "../../../src/config/files/ledger-file.ts";

function errorsOf(entry: object, file: object = {}): readonly string[] {
  const ports = [{ ports: 4222, owner: "nats", exposure: "never", purpose: "x", ...entry }];
  const parsed = parseLedger({ ...file, ports }, "ledger.yml");
  return parsed.kind === "refused" ? parsed.errors : [];
}

describe("variables in a ledger", () => {
  test("are texts, numbers and booleans by names that a shell takes", () => {
    expect(
      errorsOf({
        env: { NATS_PORT: "{port}", DEBUG: true, LEVEL: 3 },
        clientEnv: { NATS_URL: "nats://{host}:{port}" },
      }),
    ).toEqual([]);
    expect(errorsOf({ env: { "NATS PORT": "1" } })).toEqual([
      'ports.0.env.NATS PORT: found "1"; a name of letters, digits and underscores is allowed',
    ]);
    expect(errorsOf({ env: { A: ["x"] } })).toEqual([
      "ports.0.env.A: found a list; a text, a number or a boolean is allowed",
    ]);
  });

  test("know their places", () => {
    expect(errorsOf({ env: { A: "{host}" } })).toEqual(['ports.0.env.A: found "{host}"; in braces {port} is allowed']);
    expect(errorsOf({ clientEnv: { A: "{hots}:{port}" } })).toEqual([
      'ports.0.clientEnv.A: found "{hots}:{port}"; in braces {host}, {port}, {owner}, {namespace} is allowed',
    ]);
    expect(errorsOf({ env: { A: "a{2,3} {} {1}" } })).toEqual([]);
    expect(errorsOf({}, { endpointHost: "{owner}.{port}" })).toEqual([
      'endpointHost: found "{owner}.{port}"; in braces {owner}, {namespace} is allowed',
    ]);
    expect(errorsOf({}, { endpointHost: "$(id)" })).toEqual([
      'endpointHost: found "$(id)"; a host is allowed, such as "{owner}.service.consul"',
    ]);
    expect(errorsOf({}, { endpointHost: "{owner}.{namespace}.svc.cluster.local" })).toEqual([]);
  });

  test.each([
    ["DB_PASSWORD", "hunter2"],
    ["JWT_SECRET", "hunter2"],
    ["GITHUB_TOKEN", "hunter2"],
    ["AWS_SECRET_ACCESS_KEY", "hunter2"],
    ["api_key", "hunter2"],
    ["DATABASE_URL", "postgres://app:hunter2@{host}:{port}"],
  ])("are no secrets: %s is refused, and its value not shown", (name, value) => {
    const errors = errorsOf({ clientEnv: { [name]: value } });
    expect(errors).toEqual([
      `ports.0.clientEnv: found a mapping; one without ${name} is allowed: a ledger is printed and committed, so keep secrets in Nomad's variables or in Vault`,
    ]);
    expect(errors.join()).not.toContain("hunter2");
  });
});
