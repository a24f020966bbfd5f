import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  LISTED_SECTIONS,
  qualifiedName,
  type TraefikResource,
} from "../../src/core/traefik-result/traefik-resource.ts";
import { TraefikApiError } from "../../src/traefik-api/api-error.ts";
import type { TraefikApiSettings } from "../../src/traefik-api/api-requests.ts";
import { openTraefikApi } from "../../src/traefik-api/open-traefik-api.ts";
import type { TraefikApi } from "../../src/traefik-api/traefik-api.ts";
import { createFakeClock } from "../fakes/fake-clock.ts";
import { type RecordedTraefikApi, startRecordedTraefikApi } from "../fakes/recorded-traefik-api.ts";
import { recordCredentials } from "../fakes/recording-credentials.ts";

const signal = new AbortController().signal;
const reporter = recordCredentials();
let server: RecordedTraefikApi;
let opened: TraefikApi[] = [];
let folder: string;

beforeEach(async () => {
  server = await startRecordedTraefikApi();
  folder = mkdtempSync(join(tmpdir(), "portolan-traefik-api-"));
});
afterEach(async () => {
  for (const api of opened) api.close();
  opened = [];
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(settings: Partial<TraefikApiSettings> = {}): TraefikApi {
  const api = openTraefikApi({ address: server.url, ...settings }, { clock: createFakeClock(), reporter });
  opened.push(api);
  return api;
}

async function all(api: TraefikApi, ...how: Parameters<TraefikApi["resources"]>): Promise<readonly TraefikResource[]> {
  const found: TraefikResource[] = [];
  for await (const page of api.resources(...how)) found.push(...page);
  return found;
}

async function errorOf(promise: Promise<unknown>): Promise<TraefikApiError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof TraefikApiError) return error;
  throw new Error(`expected a TraefikApiError, found ${String(error)}`);
}

test("it says which Traefik answers, with the parts of its static configuration that count", async () => {
  expect(await open().running(signal)).toEqual({
    version: "dev",
    startedAt: "2026-11-30T10:32:46.916925414Z",
    providers: ["File"],
    entryPoints: [
      { name: "dns", address: "127.0.0.1:18002/udp", isDefault: false },
      { name: "traefik", address: "127.0.0.1:18001", isDefault: false },
      { name: "web", address: "127.0.0.1:18000", isDefault: true },
    ],
    configuration: {
      certResolvers: ["le"],
      throttleMs: 2_000,
      pollMs: undefined,
      file: { directory: "/etc/traefik/dynamic", filename: undefined, isWatched: true },
    },
  });
});

test.each([
  ["is not shown", { status: 404 }],
  ["is cut short", { isCut: true, body: "\x1f\x8b" }],
  ["is no archive", { body: "<html>" }],
])("a static configuration that %s is not known, and the rest is", async (_what, answer) => {
  server.instead((path) => (path === "/api/support-dump" ? answer : undefined));
  expect(await open().running(signal)).toMatchObject({ version: "dev", configuration: undefined });
});

test("each resource has the key that a chart gives it, its provider, its status and what Traefik complains of", async () => {
  const routers = await all(open(), "http/routers", signal);
  expect(routers.map((one) => [one.key, qualifiedName(one), one.status, one.errors])).toEqual([
    ["http/routers/a/b c", "a/b c@file", "enabled", []],
    ["http/routers/api", "api@internal", "enabled", []],
    ["http/routers/dashboard", "dashboard@internal", "enabled", []],
    [
      "http/routers/elsewhere",
      "elsewhere@file",
      "disabled",
      ['entryPoint "websecure-typo" doesn\'t exist', "no valid entryPoint for this router"],
    ],
    ["http/routers/first", "first@file", "enabled", []],
    ["http/routers/good", "good@file", "enabled", []],
    ["http/routers/half", "half@file", "warning", ['entryPoint "websecure-typo" doesn\'t exist']],
    ["http/routers/resolver", "resolver@file", "enabled", []],
  ]);
  expect(routers.find(({ key }) => key === "http/routers/first")?.definition["priority"]).toBe("9223372036854774000");
  const [db] = await all(open(), "tcp/services", signal);
  expect(db?.definition).toEqual({ loadBalancer: { servers: [{ address: "127.0.0.1:20003" }] } });
});

test("what has a status is asked for alone, and counted without being listed", async () => {
  const api = open();
  const disabled = await all(api, "http/routers", signal, { status: "disabled" });
  expect(disabled.map(({ key }) => key)).toEqual(["http/routers/elsewhere"]);
  const { counts } = await api.overview(signal);
  expect(counts["http/routers"]).toEqual({ total: 8, warnings: 1, errors: 1 });
  expect(Object.keys(counts)).toEqual([...LISTED_SECTIONS]);
});

test("one resource is asked for by its name, whatever is in it, and may be missing", async () => {
  const api = open();
  expect(await api.resource("http/routers", "a/b c", "file", signal)).toMatchObject({ key: "http/routers/a/b c" });
  expect(await api.resource("http/routers", "nothing", "file", signal)).toBeUndefined();
});

test("pages are read until the last one, which names the first as its next", async () => {
  const [good] = await all(open(), "http/routers", signal, { status: "disabled" });
  const page = (number: number) =>
    JSON.stringify([{ status: "enabled", name: `r${number}@file`, provider: "file", rule: good?.definition["rule"] }]);
  server.instead((path) => {
    const number = Number(new URL(path, "http://x").searchParams.get("page"));
    return { body: page(number), headers: { "x-next-page": number < 3 ? String(number + 1) : "1" } };
  });
  expect((await all(open(), "http/routers", signal)).map(({ key }) => key)).toEqual([
    "http/routers/r1",
    "http/routers/r2",
    "http/routers/r3",
  ]);
  // Fewer than when the page before was read: Traefik refuses the page.
  server.instead((path) =>
    path.includes("page=1&") ? { body: page(1), headers: { "x-next-page": "2" } } : { status: 400, body: "{}" },
  );
  expect(await all(open(), "http/routers", signal)).toHaveLength(1);
});

test("an API without an end comes to an end", async () => {
  server.instead((path) => {
    const number = Number(new URL(path, "http://x").searchParams.get("page"));
    return { body: "[]", headers: { "x-next-page": String(number + 1) } };
  });
  const error = await errorOf(all(open(), "http/routers", signal));
  expect(error.apiCode).toBe("E_TRAEFIK_API_TOO_LARGE");
});

test("what the API says cannot reach a terminal, and what is no resource is not taken for one", async () => {
  const hostile = { name: "x@file", status: "disabled", error: [`\u001b[31mred\n${"x".repeat(5_000)}`, 7, null] };
  server.instead(() => ({ body: JSON.stringify([hostile]), headers: {} }));
  const [found] = await all(open(), "http/routers", signal);
  expect(found?.errors).toHaveLength(1);
  expect(found?.errors[0]).toMatch(/^\\u001b\[31mred\\u000a/);
  expect(found?.errors[0]?.length).toBeLessThan(320);

  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  for (const body of [
    `[{"name":"x@file","status":"enabled","rule":${deep}}]`,
    '[{"name":"x","status":"enabled"}]',
    '[{"name":"x@file","status":"on fire"}]',
    "[null]",
    "{}",
    "nonsense",
  ]) {
    server.instead(() => ({ body, headers: {} }));
    const error = await errorOf(all(open(), "http/routers", signal));
    expect([body.slice(0, 20), error.apiCode]).toEqual([body.slice(0, 20), "E_TRAEFIK_API_OTHER"]);
  }
});

test("a name may be that of a field of every object", async () => {
  server.instead(() => ({ body: '[{"name":"__proto__@file","status":"enabled","__proto__":{"a":1}}]', headers: {} }));
  const [found] = await all(open(), "http/routers", signal);
  expect(found?.key).toBe("http/routers/__proto__");
  expect(Object.keys(found?.definition ?? {})).toEqual(["__proto__"]);
});

test("an API that asks for a password says which settings give it one, and takes the file's newest", async () => {
  const wants = (password: string) => {
    const expected = `Basic ${Buffer.from(`ann:${password}`).toString("base64")}`;
    server.instead((_path, { headers }) => (headers.authorization === expected ? undefined : { status: 401 }));
  };
  wants("s3cret-of-ann");
  const asked = await errorOf(open().version(signal));
  expect([asked.apiCode, asked.message, asked.exitCode]).toEqual([
    "E_TRAEFIK_API_DENIED",
    `traefik.api: Traefik's API at ${server.url} asks for a password (status 401); set traefik.api.user and traefik.api.passwordFile to a user that its router lets in`,
    69,
  ]);
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, "s3cret-of-bob\n");
  const api = open({ user: "ann", passwordFile });
  const refused = await errorOf(api.version(signal));
  expect(refused.message).toContain('refuses the user "ann" with its password (status 401)');
  expect(JSON.stringify([refused, refused.message, refused.stack])).not.toContain("s3cret");

  writeFileSync(passwordFile, "s3cret-of-ann\n");
  expect(await api.version(signal)).toMatchObject({ version: "dev" });
  wants("s3cret-of-eve");
  writeFileSync(passwordFile, "s3cret-of-eve\n");
  expect(await api.version(signal)).toMatchObject({ version: "dev" });
});

test.each([
  ["a page", { body: "<html>hello</html>" }],
  ["another kind of JSON", { body: '{"hello":1}' }],
  ["a redirection", { status: 302, headers: { location: "http://127.0.0.1:1/" } }],
  ["nothing under that path", { status: 404, body: "404 page not found" }],
  ["an error", { status: 502, body: "Bad Gateway" }],
  ["half an answer", { isCut: true, headers: { "content-length": "500" }, body: '{"Version"' }],
])("a server that answers with %s is another one, and is said to be", async (_what, answer) => {
  server.instead(() => answer);
  const { apiCode, message } = await errorOf(open().version(signal));
  expect(apiCode).toBe("E_TRAEFIK_API_OTHER");
  expect(message).toMatch(
    /^traefik\.api: http:\S+ answers otherwise than Traefik's API: .*; name the address .*\/api\/version/,
  );
  expect(message).not.toContain("\n");
});

test("an API that is away, or on a socket that does not exist, is said with the way to have one", async () => {
  const { url } = server;
  await server.close();
  const away = await errorOf(open({ address: url }).version(signal));
  expect([away.apiCode, away.message]).toEqual([
    "E_TRAEFIK_API_UNREACHABLE",
    expect.stringMatching(
      /cannot be reached: nothing listens there \(ECONNREFUSED\); check traefik\.api, and enable the API/,
    ),
  ]);
  const socket = await errorOf(open({ address: "unix:///nonexistent/traefik.sock" }).version(signal));
  expect(socket.message).toContain("the unix socket does not exist (ENOENT)");
});

test("an answer that is too large is not read", async () => {
  server.instead(() => ({ body: Buffer.alloc(17 * 1024 * 1024, " ") }));
  expect((await errorOf(open().version(signal))).apiCode).toBe("E_TRAEFIK_API_TOO_LARGE");
});

test("an answer that does not come, or does not end, is given up, and nothing is left of it", async () => {
  for (const answer of [{ isHeld: true }, { isHeld: true, body: '{"Version":' }]) {
    server.instead(() => answer);
    const api = openTraefikApi({ address: server.url }, { clock: createFakeClock(), reporter, deadlineMs: 50 });
    opened.push(api);
    const error = await errorOf(api.version(signal));
    expect([error.apiCode, error.message]).toEqual([
      "E_TRAEFIK_API_TIMEOUT",
      expect.stringContaining("gave no whole answer within 0.05 s"),
    ]);
  }
});

test("a support dump that unpacks to more than is accepted is not unpacked further", async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  server.instead((path) => (path === "/api/support-dump" ? { body: bomb } : undefined));
  expect(await open().running(signal)).toMatchObject({ version: "dev", configuration: undefined });
});

test("a read that is given up ends as such", async () => {
  server.instead(() => {
    ending.abort();
    return { isCut: false, headers: { "content-length": "9" }, body: "" };
  });
  const ending = new AbortController();
  expect((await errorOf(open().version(ending.signal))).apiCode).toBe("E_TRAEFIK_API_ABORTED");
});

test.each(["", "/", "/api", "/api/", "/dashboard/"])("the address may end as a browser shows it: %j", async (end) => {
  expect(await open({ address: `${server.url}${end}` }).version(signal)).toMatchObject({ version: "dev" });
});

test("the API may be on a unix socket, or below a base path", async () => {
  const socket = await startRecordedTraefikApi(join(folder, "api.sock"));
  expect(await open({ address: socket.url }).version(signal)).toMatchObject({ version: "dev" });
  await socket.close();
  await open({ address: `${server.url}/edge` })
    .version(signal)
    .catch(() => {});
  expect(server.asked.at(-1)).toBe("/edge/api/version");
});
