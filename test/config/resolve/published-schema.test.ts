import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { parseLedger } from "../../../src/config/files/ledger-file.ts";
import { parsePolicy } from "../../../src/config/files/policy-file.ts";
import type { PublishedSchemaName } from "../../../src/config/resolve/published-names.ts";
import { PUBLISHED_SCHEMAS } from "../../../src/config/resolve/published-schema.ts";
import { resolveSettings } from "../../../src/config/resolve/resolve.ts";
import { readCases } from "../../golden/case-file.ts";
import { jsonSchemaValidator } from "../../support/json-schema-validator.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** As they are published. */
const VALIDATE = Object.fromEntries(
  Object.keys(PUBLISHED_SCHEMAS).map((name) => [
    name,
    jsonSchemaValidator(JSON.parse(readFileSync(join(ROOT, `deploy/schema/${name}.schema.json`), "utf8"))),
  ]),
) as Record<PublishedSchemaName, ReturnType<typeof jsonSchemaValidator>>;

const REQUIRED = { output: { file: "chart.yml" }, stateDir: "state" };

/** What portolan itself says of a file. */
const REFUSED: Record<PublishedSchemaName, (content: object) => boolean> = {
  settings: (content) =>
    resolveSettings({ file: { name: "f", content: { ...REQUIRED, ...content } }, environment: {}, flags: {} }).kind ===
    "refused",
  policy: (content) => parsePolicy(content).kind === "refused",
  ledger: (content) => parseLedger(content, "ledger.yml").kind === "refused",
};

/** A file's kind by its name: an operator calls them so in all examples. */
function kindOf(file: string): PublishedSchemaName | undefined {
  return ({ "portolan.yml": "settings", "policy.yml": "policy", "ledger.yml": "ledger" } as const)[basename(file)];
}

const FILES = readdirSync(join(ROOT, "deploy"), { recursive: true })
  .map(String)
  .filter((file) => kindOf(file) !== undefined)
  .sort();

describe("the published schemas", () => {
  test("are asked about every settings file, policy and ledger of the examples", () => {
    expect(FILES.length).toBeGreaterThanOrEqual(13);
  });

  test.each(FILES)("take deploy/%s", (file) => {
    const content = load(readFileSync(join(ROOT, "deploy", file), "utf8"));
    expect(VALIDATE[kindOf(file) ?? "settings"](content)).toEqual([]);
  });

  test("take what the golden cases are played with, and portolan takes", () => {
    let taken = 0;
    for (const { name, settings, policy, ledger } of readCases()) {
      for (const [kind, content] of Object.entries({ settings, policy, ledger })) {
        if (content === undefined) continue;
        taken += 1;
        expect([name, VALIDATE[kind as PublishedSchemaName](content)]).toEqual([name, []]);
      }
    }
    expect(taken).toBeGreaterThan(100);
  });

  test.each<[PublishedSchemaName, object]>([
    ["settings", {}],
    ["settings", { traefik: { version: 3.6 } }],
    ["settings", { traefik: { version: "3.7" }, compat: "traefik" }],
    ["settings", { ports: { dynamic: "20000-32000", exceptions: [{ service: "a", ports: 8080, purpose: "b" }] } }],
    ["settings", { ports: { nomad: [{ address: "http://127.0.0.1:4646" }] } }],
    ["settings", { publish: { quiet: "1.5s", maxDelay: "1m30s" }, claims: { keep: "0" }, guard: { resetHold: "2h" } }],
    ["settings", { output: { file: "a.YAML", mode: "640" }, listen: "[::1]:80" }],
    ["settings", { traefik: { api: "http://127.0.0.1:8080" } }],
    [
      "settings",
      { traefik: { api: { address: "http://127.0.0.1:8080", user: "portolan", passwordFile: "api.password" } } },
    ],
    ["settings", { listen: ":9532", nomad: { namespace: ["a", "b"] } }],
    ["settings", { allow: [{ healthCheckMethods: ["post"] }] }],
    [
      "settings",
      {
        catalogs: [
          { name: "dc1", consul: {} },
          { name: "jobs", nomad: { namespace: "*" } },
        ],
      },
    ],
    ["policy", { rules: [{ hosts: ["APP.example.org", "*"], backends: ["10.0.0.0/8"] }] }],
    [
      "ledger",
      { range: "1000-2000", ports: [{ ports: 1080, owner: "a", exposure: "ingress", purpose: "b", protocol: "both" }] },
    ],
    [
      "ledger",
      {
        scope: "cluster",
        networks: { management: "10.0.0.0/8", services: ["10.1.0.0/16"] },
        groups: [{ name: "a", ports: "1-9", scope: "node", purpose: "b" }],
        ports: [
          { ports: 80, owner: ["a", "b-*"], exposure: "internal", from: ["management"], purpose: "b" },
          {
            ports: 81,
            owner: "a",
            exposure: "never",
            clients: ["c", "d/e"],
            internalPort: 8,
            scope: "node",
            purpose: "b",
          },
        ],
      },
    ],
  ])("take a %s %j, as portolan does", (kind, content) => {
    expect(REFUSED[kind](content)).toBe(false);
    expect(VALIDATE[kind](content)).toEqual([]);
  });

  test.each<[PublishedSchemaName, object]>([
    ["settings", { listne: "127.0.0.1:9532" }],
    ["settings", { traefik: { version: "2.11" } }],
    ["settings", { traefik: { version: 3 } }],
    ["settings", { traefik: { entrypoints: ["web"] } }],
    ["settings", { ports: { dynamic: "many" } }],
    ["settings", { ports: { dynamic: 70_000 } }],
    ["settings", { publish: { quiet: 100 } }],
    ["settings", { publish: { quiet: "1d" } }],
    ["settings", { output: { file: "chart.json" } }],
    ["settings", { output: { mode: 640 } }],
    ["settings", { listen: "9532" }],
    ["settings", { guard: { removalShare: 2 } }],
    ["settings", { edges: [{ name: "a", prefix: "b" }] }],
    ["settings", { catalogs: [] }],
    ["settings", { allow: [{ service: "a", uses: "b" }] }],
    ["settings", { traefik: { defaultMiddlewares: ["auth@file"] } }],
    ["policy", {}],
    ["policy", { rules: [{ host: ["a"] }] }],
    ["policy", { rules: [{ protocols: ["https"] }] }],
    ["policy", { rules: [{ paths: ["grafana"] }] }],
    ["ledger", { ports: [{ ports: 80, owner: "a", exposure: "open", purpose: "b" }] }],
    ["ledger", { ports: [{ ports: 80, owner: "a", exposure: "ingress" }] }],
    ["ledger", { ports: [{ ports: 80, owner: ["a", "*"], exposure: "ingress", purpose: "b" }] }],
    ["ledger", { ports: [{ ports: 80, owner: "a", exposure: "ingress", purpose: "b", internalPort: "8080" }] }],
    ["ledger", { networks: { lan: [] } }],
    ["ledger", { scope: "site" }],
  ])("refuse a %s %j, as portolan does", (kind, content) => {
    expect(REFUSED[kind](content)).toBe(true);
    expect(VALIDATE[kind](content)).not.toEqual([]);
  });
});
