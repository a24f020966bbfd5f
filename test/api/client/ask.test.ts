import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { ask, pathOf } from "../../../src/api/client/ask.ts";
import type { AskedResource } from "../../../src/api/client/asked.ts";
import { SERVER_HEADER } from "../../../src/api/refusal.ts";
import { defineResource } from "../../../src/api/resource.ts";
import { serving } from "../../../src/api/served-resource.ts";
import { AppError } from "../../../src/base/errors.ts";
import { startWebServer } from "../../../src/web/server.ts";

const GREETING = defineResource({
  path: "/v1/greeting",
  summary: "a greeting",
  query: z.strictObject({ name: z.string().max(5, "a name of 5 letters is allowed").exactOptional() }),
  answer: z.object({ text: z.string() }),
});

const ASKED: AskedResource<typeof GREETING> = { path: GREETING.path, load: async () => GREETING };

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function portolan(names: readonly string[] = []) {
  const server = await startWebServer(
    { host: "127.0.0.1", port: 0, names: new Set(names) },
    {
      readiness: () => ({ isReady: true, reasons: [] }),
      metrics: () => Promise.resolve({ text: "", contentType: "" }),
      files: new Map(),
      resources: [serving(GREETING, ({ name = "all" }) => ({ text: `hello ${name}` }))],
    },
  );
  closing.push(() => server.close());
  return { host: "127.0.0.1", port: Number(new URL(server.url).port) };
}

async function otherProgram(respond: RequestListener) {
  const server = createServer(respond);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
}

async function refusalOf(asked: Promise<unknown>): Promise<AppError> {
  const error = await asked.catch((caught: unknown) => caught);
  if (!(error instanceof AppError)) throw new Error("it was not refused by an AppError");
  return error;
}

test("a running portolan is asked by its address, also where it listens at all of them", async () => {
  const address = await portolan();
  expect(await ask(address, ASKED, {})).toEqual({ text: "hello all" });
  expect(await ask({ ...address, host: "0.0.0.0" }, ASKED, { name: "a&b=c" })).toEqual({ text: "hello a&b=c" });
});

test("what it refuses is told in its words, with its code", async () => {
  const address = await portolan();
  const { code, message, exitCode } = await refusalOf(ask(address, ASKED, { name: "too long" }));
  expect([code, exitCode]).toEqual(["E_API_QUERY", 64]);
  expect(message).toBe(
    `the portolan at 127.0.0.1:${address.port} refuses: /v1/greeting: name: found "too long"; a name of 5 letters is allowed`,
  );
});

test("where none listens the message says how to start it, or how to name where it is: 69", async () => {
  const address = await otherProgram(() => {});
  await closing.pop()?.();
  const { message, exitCode } = await refusalOf(ask(address, ASKED, {}));
  expect(exitCode).toBe(69);
  expect(message).toBe(
    `no portolan answers at 127.0.0.1:${address.port} (ECONNREFUSED); start it with portolan run, or name the address of the one that runs with --listen HOST:PORT (setting listen)`,
  );
});

test.each([
  ["a page", 200, "<h1>hello</h1>"],
  ["an answer of the same form", 200, '{"text":"hello"}'],
  ["nothing", 404, ""],
])("another program that answers with %s is not taken for portolan: 69", async (_, status, body) => {
  const address = await otherProgram((_request, response) => response.writeHead(status).end(body));
  const { message, exitCode } = await refusalOf(ask(address, ASKED, {}));
  expect(exitCode).toBe(69);
  expect(message).toContain(`what answers at 127.0.0.1:${address.port} (status ${status}) is another program`);
});

test("a portolan of another version is not misunderstood", async () => {
  const address = await otherProgram((_request, response) =>
    response.writeHead(200, { server: "portolan" }).end('{"greeting":"hello"}'),
  );
  const { code, message } = await refusalOf(ask(address, ASKED, {}));
  expect([code, message]).toEqual(["E_DAEMON_VERSION", expect.stringContaining("of another version")]);
});

test("an answer of a portolan of another version is taken where it has the form that is known", async () => {
  const address = await otherProgram((_request, response) =>
    response.writeHead(200, { server: "portolan/an-older-form" }).end('{"text":"hello","news":1}'),
  );
  expect(await ask(address, ASKED, {})).toEqual({ text: "hello" });
});

test("what is cut short is no answer, whatever the header says", async () => {
  const address = await otherProgram((_request, response) =>
    response.writeHead(200, { server: SERVER_HEADER }).end('{"text":"hel'),
  );
  expect((await refusalOf(ask(address, ASKED, {}))).code).toBe("E_DAEMON_VERSION");
});

test("a parameter that is left out is none of the path", () => {
  expect(pathOf("/v1/x", { a: undefined, b: 1, c: "d/e" })).toBe("/v1/x?b=1&c=d%2Fe");
  expect(pathOf("/v1/x", {})).toBe("/v1/x");
});
