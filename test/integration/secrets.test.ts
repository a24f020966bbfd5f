import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { jsonAnswer, send, textAnswer } from "../../src/simulator/api/answer.ts";
import type { Fault } from "../../src/simulator/faults/faults.ts";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { endHere } from "../cli/in-process.ts";
import { until } from "../support/await-until.ts";
import { type PortolanProcess, runPortolan, startPortolan } from "../support/portolan-process.ts";
import { createSite, type Site } from "./site.ts";

/** In every secret that is planted here, and in nothing else. */
const MARK = "pl4nted";

const TOKEN = `${MARK}-0123-4567-89ab-token`;
const HASH = `$apr1$${MARK}$IgXLP6ewTrSuBkTrqE8wj/`;
const JWT = `eyJhbGci${MARK}.eyJzdWIi${MARK}.c2lnbmF0dXJl${MARK}`;
const KEY = `-----BEGIN PRIVATE KEY-----\n${MARK}\n-----END PRIVATE KEY-----\n`;

const MIDDLEWARE = "traefik.http.middlewares";

/** Tags that are right, with secrets where they belong. The chart must have them: Traefik needs them. */
const SOUND_TAGS = [
  "traefik.enable=true",
  "traefik.http.routers.web.rule=Host(`web.test`)",
  "traefik.http.routers.web.middlewares=basic,digest,headers,forward,plug",
  `${MIDDLEWARE}.basic.basicauth.users=admin:${HASH}`,
  `${MIDDLEWARE}.digest.digestauth.users=admin:realm:${MARK}`,
  `${MIDDLEWARE}.headers.headers.customrequestheaders.Authorization=Bearer ${MARK}`,
  `${MIDDLEWARE}.headers.headers.customresponseheaders.Set-Cookie=session=${MARK}`,
  `${MIDDLEWARE}.forward.forwardauth.address=http://user:${MARK}@127.0.0.1:24009/verify`,
  `${MIDDLEWARE}.forward.forwardauth.tls.key=${MARK}`,
  `${MIDDLEWARE}.plug.plugin.guard.apikey=${MARK}`,
  `traefik.http.services.web.loadbalancer.server.url=http://user:${MARK}@127.0.0.1:24001`,
];

/** Tags with a mistake, each of which costs its instance the route and is reported. */
const BROKEN_TAGS = [
  `${MIDDLEWARE}.a.basicauth.user=admin:${HASH}`,
  `${MIDDLEWARE}.a.basicauth.users:admin:${HASH}=`,
  `${MIDDLEWARE}.a.basicauth.users.admin:${HASH}=`,
  `${MIDDLEWARE}.a.basicauth.removeheader=admin:${HASH}`,
  `${MIDDLEWARE}.a.basicauth.users=${MARK}-without-a-user`,
  `${MIDDLEWARE}.a.digestauth.users=admin:${MARK}`,
  `${MIDDLEWARE}.a.headers.customrequestheader.Authorization=Bearer ${MARK}`,
  `${MIDDLEWARE}.a.basicauth].users=admin:${HASH}`,
  `${MIDDLEWARE}.a@b.basicauth.users=admin:${HASH}`,
  `${MIDDLEWARE}.a.forwardauth.address=http://user:${MARK}@127.0.0.1:nonsense`,
  `${MIDDLEWARE}.a.forwardauth.address=http://user:${MARK}@169.254.169.254:24000`,
  `traefik.http.services.a.loadbalancer.server.url=user:${MARK}@127.0.0.1:24001`,
  `traefik.http.services.a.loadbalancer.server.url=http://user:${MARK}@127.0.0.1:80`,
  `traefik.http.services.a.loadbalancer.server.url=http://user:${MARK}@127.0.0.1:no`,
];

/** How a catalog, or what stands before it, may give back the token that it was asked with. */
const ECHOES: readonly ((token: string) => ReturnType<typeof textAnswer>)[] = [
  (token) => textAnswer(500, `rpc error for token ${token}`),
  (token) => textAnswer(500, `${"x".repeat(200 - 12)}${token}`),
  (token) => textAnswer(403, `ACL not found: ${token}`),
  (token) => textAnswer(429, `too many requests of ${token}`, { "Retry-After": token }),
  (token) => textAnswer(200, `<html>your token ${token}</html>`, { "Content-Type": `text/html; x=${token}` }),
  (token) => textAnswer(200, `{"${token}`, { "Content-Type": "application/json" }),
  (token) => jsonAnswer({ [token]: { [token]: 5 } }),
  (token) => ({ ...jsonAnswer({}), headers: { "Content-Type": "application/json", "X-Consul-Index": token } }),
];

let site: Site;
let server: CatalogServer;
let snippets: string;
let asked: Set<string>;
let echoed: number;

function echo(): Fault {
  return async ({ request, response }) => {
    const token = String(request.headers["x-consul-token"] ?? "");
    asked.add(token);
    const answer = ECHOES[echoed % ECHOES.length];
    echoed += 1;
    if (answer !== undefined) await send(response, answer(token));
  };
}

beforeEach(async () => {
  site = await createSite();
  snippets = join(site.watched, "..", "snippets");
  asked = new Set();
  echoed = 0;
  const catalog = createCatalog();
  const register = (Service: string, Port: number, Tags: readonly string[]) =>
    catalog.register({ Node: "node-1", Address: "127.0.0.1", Service: { ID: Service, Service, Port, Tags } });
  register("web", 24_001, SOUND_TAGS);
  for (const [position, tag] of BROKEN_TAGS.entries()) {
    register(`broken-${position}`, 24_100 + position, ["traefik.enable=true", tag]);
  }
  server = await startCatalogServer({ catalog });
  await mkdir(snippets);
  const users = `basicAuth: { users: ["admin:${HASH}"] }`;
  await writeFile(join(snippets, "sound.yml"), `http: { middlewares: { lock: { ${users} } } }\n`);
  await writeFile(
    join(snippets, "broken.yml"),
    `http: { middlewares: { a: { ${users.replace("users", "user")} } } }\n`,
  );
  await writeFile(join(snippets, "text.yml"), `http: *${MARK}\n`);
});
afterEach(async () => {
  await server.close();
  await site.remove();
});

async function startedWith(consul: object, env: Readonly<Record<string, string>> = {}): Promise<PortolanProcess> {
  const files = { output: { file: site.chart }, stateDir: site.stateDir, snippets };
  const content = { consul: { address: server.url, wait: "1s", ...consul }, ...files, publish: { quiet: "10ms" } };
  const settings = await site.settings(JSON.stringify(content));
  return startPortolan(["--settings", settings, "--log-level", "debug"], env);
}

/** Makes it read the catalog again and again, until the token has come back in every form, twice. */
async function untilEchoed(portolan: PortolanProcess): Promise<void> {
  const isDone = () => {
    portolan.kill("SIGUSR2");
    return echoed >= 2 * ECHOES.length;
  };
  await until(isDone, { timeoutMs: 30_000, everyMs: 40, what: "the token to be given back" });
}

/** Everything that a running portolan shows an operator, and that commands print beside it. */
async function outputsOf(portolan: PortolanProcess, env: Readonly<Record<string, string>>): Promise<string> {
  const page = async (path: string) => (await fetch(portolan.url + path)).text();
  const pages = await Promise.all(
    [
      ...[
        "/v1/status",
        "/v1/routes",
        "/v1/diagnostics",
        "/v1/holds",
        "/v1/history",
        "/v1/diff?to=1&from=current",
        "/metrics",
        "/readyz",
        "/healthz",
        "/",
      ],
    ].map(page),
  );
  const settings = ["--settings", join(site.watched, "..", "settings.yml")];
  const own = ["--output", join(site.watched, "once.yml"), "--state-dir", join(site.stateDir, "..", "state-once")];
  const commands = [
    ["once", ...settings, ...own, "--log-format", "pretty", "--log-level", "debug"],
    ["check", "tags", ...settings, ...SOUND_TAGS],
    ["ports", ...settings],
    ["ports", ...settings, "--format", "json"],
    ["ports", "ask", "24001", "--node", "node-1", ...settings],
    ["ledger", ...settings],
    ["release", "--state-dir", site.stateDir],
    ["rollback", "--state-dir", site.stateDir],
    ["rollback", "999", "--state-dir", site.stateDir],
  ];
  const said: string[] = [];
  for (const command of commands) {
    // It listens to signals and writes a log past this process's standard error.
    const end = command[0] === "once" ? runPortolan : endHere;
    const { code, stdout, stderr } = await end(command, env);
    expect(code, `${command.join(" ")}: ${stderr}`).toBeLessThan(64);
    said.push(stdout, stderr);
  }
  return [...pages, ...said, portolan.log()].join("\n");
}

/** The lines with a secret in them, which a failing test shows. */
function leaks(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.includes(MARK));
}

describe("no secret reaches a log, a page or a command's output", () => {
  const WAYS: readonly (readonly [string, () => Promise<{ consul: object; env?: Record<string, string> }>])[] = [
    ["a token of the environment", async () => ({ consul: {}, env: { CONSUL_HTTP_TOKEN: TOKEN } })],
    ["a token in the settings", async () => ({ consul: { token: TOKEN } })],
    [
      "a token file",
      async () => {
        const tokenFile = join(site.watched, "..", "token");
        await writeFile(tokenFile, TOKEN, { mode: 0o600 });
        return { consul: { tokenFile } };
      },
    ],
  ];

  test.each(WAYS)("%s, hashes in tags and snippets, and a catalog that gives the token back", async (_, prepare) => {
    const { consul, env = {} } = await prepare();
    const portolan = await startedWith(consul, env);
    try {
      await until(async () => (await site.chartText()).includes('"web"'), { timeoutMs: 20_000, what: "the chart" });
      const chart = await site.chartText();
      for (const secret of [HASH, `Bearer ${MARK}`, `realm:${MARK}`, `user:${MARK}@`]) expect(chart).toContain(secret);
      const complaints = () => portolan.events().filter(({ event }) => event === "diagnostic.found").length;
      await until(() => complaints() >= BROKEN_TAGS.length, { timeoutMs: 20_000, what: "the diagnostics" });
      const before = await outputsOf(portolan, env);

      server.faults.set("/v1/*", echo());
      await untilEchoed(portolan);
      expect([...asked]).toEqual([TOKEN]);
      // Some of the answers pass for good ones, and end the failures that the page tells.
      const failing = async () => {
        const text = await (await fetch(`${portolan.url}/v1/status`)).text();
        return String(JSON.parse(text).sources[0].lastError?.code).startsWith("E_CATALOG_") && text;
      };
      const page = await until(failing, { timeoutMs: 20_000, what: "the page to tell the catalog's error" });

      await site.settings(`consul: "${TOKEN}"\n`);
      portolan.kill("SIGHUP");
      await until(() => portolan.log().includes("settings.refused"), { timeoutMs: 20_000, what: "the refusal" });
      server.faults.clear();
      await portolan.stop();
      expect(leaks([before, page, portolan.log()].join("\n"))).toEqual([]);
    } finally {
      portolan.kill("SIGKILL");
      await portolan.ended();
    }
  });

  test("a login's JWT and the token that comes of it, refused and given back at first", async () => {
    const jwtFile = join(site.watched, "..", "jwt");
    await writeFile(jwtFile, JWT, { mode: 0o600 });
    let logins = 0;
    server.faults.set("/v1/acl/login", async ({ request, response }) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      expect(Buffer.concat(parts).toString()).toContain(JWT);
      logins += 1;
      if (logins === 1) return send(response, textAnswer(500, `invalid JWT ${JWT}: ${JWT.slice(9)}`));
      const times = { CreateTime: "2026-01-01T00:00:00Z" };
      await send(response, jsonAnswer({ SecretID: TOKEN, AccessorID: "an-accessor", ...times }));
    });
    server.faults.set("/v1/acl/token/self", async ({ response }) => send(response, jsonAnswer({})));
    server.faults.set("/v1/acl/logout", async ({ response }) => send(response, textAnswer(500, `no ${TOKEN}`)));
    const portolan = await startedWith({ login: { authMethod: "edge", jwtFile } });
    try {
      await until(async () => (await site.chartText()).includes('"web"'), { timeoutMs: 20_000, what: "the chart" });
      server.faults.set("/v1/catalog/*", echo());
      server.faults.set("/v1/health/*", echo());
      await untilEchoed(portolan);
      expect([...asked]).toEqual([TOKEN]);
      const page = await (await fetch(`${portolan.url}/v1/status`)).text();
      server.faults.clear("/v1/catalog/*");
      server.faults.clear("/v1/health/*");
      await portolan.stop();
      expect(portolan.log()).toContain("E_CATALOG_LOGIN");
      expect(leaks([page, portolan.log()].join("\n"))).toEqual([]);
    } finally {
      portolan.kill("SIGKILL");
      await portolan.ended();
    }
  });

  test.each<[string, string]>([
    ["a password in the address", `consul: { address: "http://user:${MARK}@127.0.0.1:1" }`],
    ["a password in an address without a scheme", `consul: { address: "user:${MARK}@127.0.0.1:1" }`],
    ["a token in the address", `consul: { address: "http://127.0.0.1:1/?token=${MARK}" }`],
    ["a token one level too high", `consul: ${MARK}`],
    ["a token in a list", `consul: { token: [${MARK}] }`],
    ["a token with a blank", `consul: { token: { ${MARK}: 1 } }`],
    ["a token that YAML takes for an alias", `consul: { token: *${MARK} }`],
    ["a token that YAML takes for a tag", `consul: { token: !${MARK} x }`],
    ["a login one level too high", `consul: { login: ${JWT} }`],
    ["a key that is none", `consul: { address: "https://127.0.0.1:1", tls: { certFile: KEYFILE, keyFile: KEYFILE } }`],
    [
      "a certificate's key where the authority belongs",
      `consul: { address: "https://127.0.0.1:1", tls: { caFile: KEYFILE } }`,
    ],
    [
      "a defined transport with a mistake",
      `define: { http: { serversTransports: { t: { certificates: "${MARK}" } } } }`,
    ],
    ["a policy that is no YAML", "policy: POLICYFILE"],
  ])("settings with %s end the start with 78", async (_, content) => {
    const keyFile = join(site.watched, "..", "key.pem");
    const policyFile = join(site.watched, "..", "policy.yml");
    await writeFile(keyFile, KEY);
    await writeFile(policyFile, `rules: [{ hosts: *${MARK} }]`);
    const settings = await site.settings(content.replaceAll("KEYFILE", keyFile).replace("POLICYFILE", policyFile));
    const files = ["--output", site.chart, "--state-dir", site.stateDir, "--settings", settings];
    const { code, stdout, stderr } = await endHere(["run", ...files]);
    expect(code).toBe(78);
    expect(stderr).not.toBe("");
    expect(leaks(stdout + stderr)).toEqual([]);
  });

  test("check policy of a file that is no YAML", async () => {
    const policyFile = join(site.watched, "..", "policy.yml");
    await writeFile(policyFile, `rules: [{ hosts: *${MARK} }]`);
    const { code, stdout, stderr } = await endHere(["check", "policy", policyFile]);
    expect(code).not.toBe(0);
    expect(leaks(stdout + stderr)).toEqual([]);
  });

  test.each(BROKEN_TAGS.map((tag) => [tag.replaceAll(MARK, "…"), tag]))("check tags %s", async (_, tag) => {
    const { code, stdout, stderr } = await endHere(["check", "tags", "traefik.enable=true", tag]);
    expect(code).not.toBe(0);
    expect(leaks(stdout + stderr)).toEqual([]);
  });
});

test("what is stored is its owner's alone: only the chart is for its directory's group, too", async () => {
  const portolan = await startedWith({ token: TOKEN });
  try {
    await until(async () => (await site.chartText()).includes('"web"'), { timeoutMs: 20_000, what: "the chart" });
    const stored = async () => {
      const names = await readdir(site.stateDir, { recursive: true });
      return names.includes("control.sock") && names.some((name) => name.endsWith(".chart.gz"));
    };
    await until(stored, { timeoutMs: 20_000, what: "everything to be stored" });
    const modeOf = async (path: string) => ((await stat(path)).mode & 0o7777).toString(8);
    const modes = new Map<string, string>([["", await modeOf(site.stateDir)]]);
    for (const name of await readdir(site.stateDir, { recursive: true })) {
      modes.set(name.replace(/^versions\/\d+/, "versions/N"), await modeOf(join(site.stateDir, name)));
    }
    expect(Object.fromEntries(modes)).toEqual({
      "": "700",
      "chart-state.json": "600",
      "control.sock": "600",
      "last-good.json": "600",
      "snippets.json": "600",
      versions: "700",
      "versions/N.chart.gz": "600",
    });
    const chart = await stat(site.chart);
    expect([(chart.mode & 0o7777).toString(8), chart.gid]).toEqual(["640", (await stat(site.watched)).gid]);
    expect(await site.files()).toEqual(["portolan.yml"]);
  } finally {
    portolan.kill("SIGKILL");
    await portolan.ended();
  }
});
