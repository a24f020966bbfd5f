import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeNewFile } from "../../src/app/process/new-file.ts";
import { withoutSecrets } from "../../src/app/support-bundle/known-secrets.ts";
import { makeSupportBundle } from "../../src/app/support-bundle/support-bundle.ts";
import { instance, NOW_MS, pass } from "../builders/world.ts";

/** Each is planted in one place or more; some have characters that URLs and JSON write otherwise. */
const SECRETS = {
  consulToken: "8f3b-consul/token+planted",
  environmentToken: "e1c2-environment-token",
  tokenFile: "77aa-token-of-a-file",
  serveToken: "0123456789-serve-token-planted",
  tagHash: "$2y$05$PlantedHashInATag000000000000000000000000000000000000",
  snippetHash: "$apr1$planted0$HashInASnippet12345678",
  apiKey: 'sk-planted"api\\key/with=signs',
  urlPassword: "planted-url-password",
  privateKey: "MIIplantedPrivateKeyMaterial",
  headerOfCheck: "planted-header-of-a-check",
} as const;

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "portolan-bundle-"));
  for (const folder of ["dynamic", "state", "snippets"]) mkdirSync(join(root, folder));
});
afterEach(() => rmSync(root, { recursive: true }));

const TAGS = [
  "traefik.enable=true",
  "traefik.http.routers.web.middlewares=login,key,sso",
  `traefik.http.middlewares.login.basicauth.users=admin:${SECRETS.tagHash}`,
  `traefik.http.middlewares.key.headers.customrequestheaders.X-Api-Key=${SECRETS.apiKey}`,
  `traefik.http.middlewares.sso.forwardauth.address=http://user:${SECRETS.urlPassword}@192.168.11.11:24001/verify`,
  `traefik.http.services.web.loadbalancer.healthcheck.path=/up`,
  `traefik.http.services.web.loadbalancer.healthcheck.headers.Authorization=${SECRETS.headerOfCheck}`,
];

function plant(listen: string): string {
  const { text } = pass([instance({ tags: TAGS })], { nowMs: NOW_MS });
  expect(text).toContain(SECRETS.tagHash);
  writeFileSync(join(root, "dynamic", "chart.yml"), text);
  writeFileSync(join(root, "consul.token"), `${SECRETS.tokenFile}\n`);
  writeFileSync(join(root, "serve.token"), SECRETS.serveToken);
  writeFileSync(
    join(root, "snippets", "auth.yml"),
    JSON.stringify({
      http: {
        middlewares: {
          gate: { basicAuth: { users: [`admin:${SECRETS.snippetHash}`] } },
          key: { headers: { customRequestHeaders: { "X-Api-Key": SECRETS.apiKey } } },
        },
        routers: { nas: { rule: `Host(\`nas\`) && Header(\`X-Key\`, \`${SECRETS.urlPassword}\`)`, service: "nas" } },
        services: { nas: { loadBalancer: { servers: [{ url: "http://192.168.11.5" }] } } },
      },
    }),
  );
  writeFileSync(join(root, "policy.yml"), JSON.stringify({ rules: [{ hosts: ["*"], paths: ["/"] }] }));
  const file = join(root, "portolan.yml");
  writeFileSync(
    file,
    JSON.stringify({
      output: { file: "dynamic/chart.yml" },
      stateDir: "state",
      listen,
      snippets: "snippets",
      policy: "policy.yml",
      catalogs: [
        { name: "dc1", consul: { token: SECRETS.consulToken } },
        { name: "dc2", consul: { tokenFile: "consul.token" } },
      ],
      serve: { listen: "127.0.0.1:0", tokenFile: "serve.token" },
      define: {
        http: {
          serversTransports: {
            own: {
              certificates: [
                {
                  certFile: "/etc/edge.pem",
                  keyFile: `-----BEGIN PRIVATE KEY-----\n${SECRETS.privateKey}\n-----END PRIVATE KEY-----`,
                },
              ],
            },
          },
        },
      },
    }),
  );
  return file;
}

/** Every way in which a text may stand in a file of JSON. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const forms = [secret, encodeURIComponent(secret), bytes.toString("base64"), bytes.toString("base64url")];
  // Base64 without its end, which depends on what follows.
  return [...new Set([...forms, JSON.stringify(secret).slice(1, -1), bytes.toString("base64").slice(0, -6)])];
}

function expectNone(bytes: Buffer): void {
  for (const [name, secret] of Object.entries(SECRETS)) {
    for (const form of formsOf(secret)) expect(bytes.includes(form), `${name} as ${form}`).toBe(false);
  }
}

const ENVIRONMENT = { CONSUL_HTTP_TOKEN: SECRETS.environmentToken, PATH: SECRETS.environmentToken };
const CLOSED = "127.0.0.1:1";

describe("a support bundle", () => {
  test("has none of the secrets that were planted, and says what it is about all the same", async () => {
    const file = plant(CLOSED);
    const { json, missing } = await makeSupportBundle({ settings: file }, ENVIRONMENT, NOW_MS);
    const path = join(root, "bundle.json");
    await writeNewFile(path, json, 0o600);
    expectNone(readFileSync(path));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const bundle = JSON.parse(json);
    expect(bundle).toMatchObject({
      environment: ["CONSUL_HTTP_TOKEN"],
      policy: { rules: [{ hosts: ["*"] }] },
      snippets: { config: { "http/middlewares": { gate: { basicAuth: {} } } } },
      charts: [{ name: "main", chart: { "http/routers": { web: { service: "web" } } } }],
    });
    expect(bundle.settings.inForce).toContainEqual({ path: "listen", value: CLOSED, from: `${file}:1` });
    expect(missing).toEqual([expect.stringMatching(/^daemon\.status: no portolan answers at 127\.0\.0\.1:1/)]);
  });

  test("takes a secret out that the running portolan repeats where none is expected", async () => {
    const server = createServer((request, response) => {
      const isMetrics = request.url === "/metrics";
      const status = { version: "0", uptimeSeconds: 1 };
      response.setHeader("server", "portolan");
      response.statusCode = isMetrics ? 200 : 500;
      const planted = Object.values(SECRETS).flatMap(formsOf).join(" ");
      response.end(isMetrics ? planted : JSON.stringify({ code: "E_X", message: planted, ...status }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const file = plant(`127.0.0.1:${(server.address() as AddressInfo).port}`);
      const { json } = await makeSupportBundle({ settings: file }, ENVIRONMENT, NOW_MS);
      expect(JSON.parse(json).daemon.status.missing).toContain("***");
      for (const secret of [SECRETS.consulToken, SECRETS.tokenFile, SECRETS.serveToken, SECRETS.apiKey]) {
        expect(json).not.toContain(JSON.stringify(secret).slice(1, -1));
        expect(json).not.toContain(encodeURIComponent(secret));
        expect(json).not.toContain(Buffer.from(secret).toString("base64"));
      }
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test("is made with settings that are wrong, too, and says what is wrong with them", async () => {
    const file = plant(CLOSED);
    writeFileSync(file, JSON.stringify({ listne: CLOSED, output: { file: "dynamic/chart.yml" }, stateDir: "state" }));
    const { json, missing } = await makeSupportBundle({ settings: file, listen: CLOSED }, {}, NOW_MS);
    expect(missing[0]).toMatch(/^settings: 1 problem in the settings:\n {2}listne: not a setting/);
    expect(JSON.parse(json)).toMatchObject({ version: expect.any(String), platform: { node: process.version } });
  });

  test("says of each file that cannot be read why it is missing", async () => {
    const file = plant(CLOSED);
    rmSync(join(root, "dynamic", "chart.yml"));
    rmSync(join(root, "state"), { recursive: true });
    const { missing } = await makeSupportBundle({ settings: file }, {}, NOW_MS);
    expect(missing).toEqual([
      `charts.0.chart: ${join(root, "dynamic", "chart.yml")}: ENOENT`,
      `stateDirectory: ${join(root, "state")}: ENOENT`,
      expect.stringMatching(/^daemon\.status/),
    ]);
  });

  test("replaces no file", async () => {
    const path = join(root, "there.json");
    writeFileSync(path, "kept");
    await expect(writeNewFile(path, "{}", 0o600)).rejects.toMatchObject({
      exitCode: 73,
      message: `${path} cannot be written: it is there already; name another file, or - for standard output`,
    });
    expect(readFileSync(path, "utf8")).toBe("kept");
  });
});

test("what a secret is taken out of stays JSON, whatever the secret is", () => {
  const value = { 'a": "b': ['": ["', "x", "\\", "ordinary text"] };
  for (const secret of ['": ["', '"a\\": ', "ordinary", "],\n  ]", "\\\\\\\\\\\\"]) {
    expect(() => JSON.parse(withoutSecrets(JSON.stringify(value, undefined, 2), [secret]))).not.toThrow();
  }
});
