import { afterEach, describe, expect, test, vi } from "vitest";
import type { CatalogClient } from "../../../src/sources/catalog/catalog-client.ts";
import { CatalogError } from "../../../src/sources/catalog/catalog-error.ts";
import { PRODUCTS } from "../../../src/sources/catalog/product.ts";
import { createConnectionBudget } from "../../../src/sources/http/connection-budget.ts";
import { until } from "../../support/await-until.ts";
import { createClient as createConsul } from "../consul/world.ts";
import { createClient as createNomad } from "../nomad/world.ts";
import { BAD_ANSWERS, connect, type Handler, JSON_TYPE, serve, useBadServers, viewsOf, WIRES } from "./bad-servers.ts";

useBadServers();

const TOKEN = "b1ab5e12-c0de-4000-8000-00c0ffee0002";

const PRODUCT_CASES = [
  { name: "Consul", endpoint: "/v1/catalog/services", create: createConsul, product: PRODUCTS.consul },
  { name: "Nomad", endpoint: "/v1/services", create: createNomad, product: PRODUCTS.nomad },
] as const;

const NOW = { index: 0n, consistency: "default", signal: new AbortController().signal } as const;

async function failureOf(reading: Promise<unknown>): Promise<CatalogError> {
  const error: unknown = await reading.then(
    () => expect.fail("the read must fail"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CatalogError)) throw error;
  return error;
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe.each(PRODUCT_CASES)("$name", ({ endpoint, create, product }) => {
  /** A client, and its reading of the services with the token. */
  function clientOf(address: string, token = TOKEN): CatalogClient {
    return create(address, { connections: connect(address, product), readToken: () => token });
  }

  describe.each(WIRES)("over %s", (wire) => {
    test.each(BAD_ANSWERS)("%s is an error that names the endpoint and not the token", async (_what, handler, code) => {
      const { address } = await serve(wire, handler);
      const client = clientOf(address);
      const startMs = performance.now();
      const error = await failureOf(client.services(NOW));
      client.close();
      expect(error).toMatchObject({ code, message: expect.stringContaining(`${endpoint}: `) });
      for (const view of viewsOf(error)) expect(view).not.toContain(TOKEN.slice(0, 9));
      expect(performance.now() - startMs).toBeLessThan(5_000);
    });

    test("a redirect to another host is not followed", async () => {
      const elsewhere = vi.fn<Handler>((_request, response) => void response.writeHead(200, JSON_TYPE).end("{}"));
      const { address: target } = await serve("HTTP/1.1", elsewhere);
      const { address } = await serve(wire, (_request, response) => {
        response.writeHead(302, { Location: `${target}/v1/catalog/services` }).end();
      });
      const client = clientOf(address);
      const error = await failureOf(client.services(NOW));
      client.close();
      expect(error).toMatchObject({ code: "E_CATALOG_STATUS", message: expect.stringContaining("status 302") });
      expect(error.message).toContain(`${endpoint}: `);
      expect(elsewhere).not.toHaveBeenCalled();
    });

    test("a proxy in the environment is not asked", async () => {
      const proxied = vi.fn<Handler>((_request, response) => void response.writeHead(502).end());
      const { address: proxy, sockets } = await serve("HTTP/1.1", proxied);
      for (const name of ["http_proxy", "https_proxy", "all_proxy"]) {
        vi.stubEnv(name, proxy);
        vi.stubEnv(name.toUpperCase(), proxy);
      }
      vi.stubEnv("no_proxy", "");
      vi.stubEnv("NO_PROXY", "");
      const { address } = await serve(wire, (_request, response) => {
        response.writeHead(500).end("asked directly");
      });
      const client = clientOf(address);
      expect((await failureOf(client.services(NOW))).message).toContain("asked directly");
      client.close();
      expect(proxied).not.toHaveBeenCalled();
      expect(sockets.size).toBe(0);
    });

    test.each([
      ["a line break", `${TOKEN}\nX: y`],
      ["a line break at its end", `${TOKEN}\r\n`],
      ["a control character", `${TOKEN}\u0001${TOKEN}`],
      ["a letter that no header may hold", `${TOKEN}č`],
    ])("a token with %s is an error, and no part of it is sent", async (_what, token) => {
      const asked = vi.fn<Handler>((_request, response) => void response.writeHead(200, JSON_TYPE).end("{}"));
      const { address } = await serve(wire, asked);
      const client = clientOf(address, token);
      const error = await failureOf(client.services(NOW));
      client.close();
      expect(error).toMatchObject({ code: "E_CATALOG_UNREACHABLE", message: expect.stringContaining(`${endpoint}: `) });
      expect(error.message).toContain("the token holds a character that no header may hold");
      for (const view of viewsOf(error)) expect(view).not.toContain(TOKEN.slice(0, 9));
      expect(asked).not.toHaveBeenCalled();
    });
  });

  test("an abort with a reason that is no Error is an error all the same", async () => {
    const { address } = await serve("HTTP/1.1", () => {});
    const client = clientOf(address);
    const giveUp = new AbortController();
    const reading = failureOf(client.services({ ...NOW, signal: giveUp.signal }));
    setImmediate(() => giveUp.abort("a text"));
    expect(await reading).toMatchObject({ code: "E_CATALOG_ABORTED", message: expect.stringContaining(endpoint) });
    client.close();
  });
});

describe.each([
  ["HTTP/1.1", 64, 64],
  ["HTTP/2", 1_000, 4],
] as const)("over %s", (wire, polls, connections) => {
  test(`a server that ends while ${polls} polls wait on ${connections} connections fails them all at once`, async () => {
    let asked = 0;
    const { address, sockets } = await serve(wire, () => {
      asked += 1;
    });
    const client = createConsul(address, {
      connections: connect(address),
      // Two permits are never a poll's.
      budget: createConnectionBudget(polls + 2),
      readToken: () => TOKEN,
    });
    const waiting = Array.from({ length: polls }, (_, number) =>
      failureOf(client.instances(`s${number}`, { ...NOW, index: 5n })),
    );
    await until(() => asked === polls, { timeoutMs: 15_000, what: "every poll to wait" });
    expect(sockets.size).toBe(connections);
    const startMs = performance.now();
    for (const socket of sockets) socket.destroy();
    const errors = await Promise.all(waiting);
    expect(performance.now() - startMs).toBeLessThan(2_000);
    client.close();
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(["E_CATALOG_UNREACHABLE"]));
    expect(errors[0]?.message).toContain("/v1/health/service: ");
    for (const view of viewsOf(errors[0])) expect(view).not.toContain(TOKEN.slice(0, 9));
  });
});
