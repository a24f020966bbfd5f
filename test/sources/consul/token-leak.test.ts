import { inspect } from "node:util";
import pino from "pino";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { answers403, cutsMidBody, type Exchange, type Fault } from "../../../src/simulator/faults/faults.ts";
import { type CatalogServer, startCatalogServer } from "../../../src/simulator/server.ts";
import { createCatalog } from "../../../src/simulator/state/catalog.ts";
import { createClient } from "./world.ts";

const TOKEN = "b1ab5e12-c0de-4000-8000-00c0ffee0001";

let server: CatalogServer;
beforeAll(async () => {
  server = await startCatalogServer({ catalog: createCatalog() });
});
afterEach(async () => {
  server.faults.clear();
  await server.close();
  await server.reopen();
});
afterAll(() => server.close());

function answers(status: number, headers: Record<string, string>, body: string): Fault {
  return async ({ response }: Exchange) => {
    response.writeHead(status, headers).end(body);
  };
}

const JSON_TYPE = { "Content-Type": "application/json", "X-Consul-Index": "5" };

test.each<[string, Fault | "closed"]>([
  ["nothing listens", "closed"],
  ["the token is refused", answers403()],
  ["the answer is cut", cutsMidBody()],
  ["an error echoes the token", answers(403, { "Content-Type": "text/plain" }, `token ${TOKEN} is not known`)],
  ["an error echoes it where its text is cut", answers(500, { "Content-Type": "text/plain" }, "x".repeat(180) + TOKEN)],
  ["an error echoes it as JSON", answers(400, JSON_TYPE, JSON.stringify({ error: TOKEN }))],
  ["a page echoes it", answers(200, { "Content-Type": "text/html" }, `<p>${TOKEN}</p>`)],
  ["the content type echoes it", answers(200, { "Content-Type": `text/${TOKEN}` }, "x")],
  ["a body of another shape echoes it as a key", answers(200, JSON_TYPE, JSON.stringify({ [TOKEN]: 5 }))],
  ["a body of another shape echoes it as a value", answers(200, JSON_TYPE, JSON.stringify([TOKEN]))],
  ["a body that is no JSON echoes it", answers(200, JSON_TYPE, `{${TOKEN}`)],
])("%s: the token is in no view of the error", async (_what, fault) => {
  const lines: string[] = [];
  const logger = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
  if (fault === "closed") await server.close();
  else server.faults.set("*", fault);
  // The token is rotated while the request is under way: the answer may still hold the old one.
  const tokens = [TOKEN];
  const client = createClient(server.url, { readToken: () => tokens.shift() ?? "the-next-token" });
  const read = { index: 0n, consistency: "default", signal: new AbortController().signal } as const;
  const error: unknown = await client.services(read).then(
    () => expect.fail("the read must fail"),
    (thrown: unknown) => thrown,
  );
  client.close();

  logger.error(error);
  logger.error({ err: error, nested: { error } }, String(error));
  const views = [inspect(error, { showHidden: true, depth: Infinity }), JSON.stringify(error), String(error), ...lines];
  for (const view of views) expect(view).not.toContain(TOKEN.slice(0, 9));
  expect(error).toMatchObject({ name: "CatalogError", message: expect.stringContaining("/v1/catalog/services: ") });
});

test("an index that echoes the token does not carry it on", async () => {
  const client = createClient(server.url, { readToken: () => TOKEN });
  server.faults.set("*", answers(200, { ...JSON_TYPE, "X-Consul-Index": TOKEN }, "{}"));
  const read = { index: 0n, consistency: "default", signal: new AbortController().signal } as const;
  expect(await client.services(read)).toMatchObject({ index: "[token]" });
  client.close();
});

test("a token that cannot stand in a header is not shown either", async () => {
  const client = createClient(server.url, { readToken: () => `${TOKEN}\nX: y` });
  const read = { index: 0n, consistency: "default", signal: new AbortController().signal } as const;
  const error: unknown = await client.services(read).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "CatalogError" });
  expect(inspect(error, { showHidden: true, depth: Infinity })).not.toContain(TOKEN);
  client.close();
});
