import { inspect } from "node:util";
import { expect, test } from "vitest";
import { type CallOptions, createNodeConsul, type NodeConsul } from "../../../src/sources/consul/node-consul.ts";
import type { HttpAnswer } from "../../../src/sources/http/client/connections.ts";

const ANSWER: HttpAnswer = { status: 200, header: () => undefined, text: "[]" };

/** Calls a method with a context that answers, or fails, as the test says; returns the path that would be sent. */
async function pathOf(
  call: (consul: NodeConsul, options: CallOptions) => Promise<HttpAnswer>,
  options: Partial<CallOptions> = {},
  query: Record<string, string> = {},
): Promise<string> {
  let asked = "";
  const get = (path: string): Promise<HttpAnswer> => {
    asked = path;
    return Promise.resolve(ANSWER);
  };
  const nothing = { dc: undefined, partition: undefined, stale: false, consistent: false };
  expect(await call(createNodeConsul(), { ...nothing, ...options, ctx: { query, get } })).toBe(ANSWER);
  return asked;
}

const METHODS: readonly [string, string, (consul: NodeConsul, options: CallOptions) => Promise<HttpAnswer>][] = [
  ["catalog.service.list", "/catalog/services", ({ catalog }, options) => catalog.service.list(options)],
  ["catalog.node.list", "/catalog/nodes", ({ catalog }, options) => catalog.node.list(options)],
  [
    "catalog.node.services",
    "/catalog/node/n%2F1",
    ({ catalog }, options) => catalog.node.services({ node: "n/1", ...options }),
  ],
  ["health.node", "/health/node/n%2F1", ({ health }, options) => health.node({ node: "n/1", ...options })],
  ["health.service", "/health/service/a%20b", ({ health }, options) => health.service({ service: "a b", ...options })],
  ["health.state", "/health/state/critical", ({ health }, options) => health.state({ state: "critical", ...options })],
];

test.each(METHODS)("%s asks %s, and the answer comes back as it came", async (_name, path, call) => {
  expect(await pathOf(call)).toBe(path);
});

test.each(METHODS)("%s hands on every parameter, those that node-consul drops too", async (_name, path, call) => {
  const asked = await pathOf(
    call,
    { dc: "dc1", partition: "edge", stale: true, index: "18446744073709551615", wait: "20ms", filter: 'a != "b"' },
    { ns: "team-a", cached: "1" },
  );
  const { pathname, searchParams } = new URL(asked, "http://catalog.invalid");
  expect(pathname).toBe(path);
  expect(Object.fromEntries(searchParams)).toEqual({
    ...{ dc: "dc1", partition: "edge", stale: "1", index: "18446744073709551615", wait: "20ms", filter: 'a != "b"' },
    ...{ ns: "team-a", cached: "1" },
  });
});

test.each([
  ["an Error", new Error("no answer"), "no answer"],
  // papi takes what is no Error for an answer.
  ["a text", "stopped", "the request failed"],
  ["nothing", undefined, "the request failed"],
])("a request that fails with %s fails, and never looks like an answer", async (_what, reason, message) => {
  const get = (): Promise<HttpAnswer> =>
    new Promise((_resolve, reject) => {
      reject(reason);
    });
  const ctx = { query: {}, get };
  const options = { dc: undefined, partition: undefined, stale: false, consistent: false, ctx };
  await expect(createNodeConsul().health.node({ node: "n1", ...options })).rejects.toThrow(message);
});

test("an error of node-consul itself holds nothing of the request", async () => {
  const ctx = { query: { secret: "s3cret-text" }, get: () => Promise.resolve(ANSWER) };
  const options = { dc: undefined, partition: undefined, stale: false, consistent: false, ctx };
  const error: unknown = await createNodeConsul()
    .health.service({ service: "", ...options })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(inspect(error, { showHidden: true, depth: Infinity })).not.toContain("s3cret-text");
});
