import { inspect } from "node:util";
import pino from "pino";
import { describe, expect, test } from "vitest";
import { CatalogError } from "../../../src/sources/catalog/catalog-error.ts";
import { PRODUCTS, type Product } from "../../../src/sources/catalog/product.ts";
import {
  ANSWER_CUT,
  ANSWER_TOO_LARGE,
  CONNECT_TIMEOUT,
  CONNECTION_LOST,
  failure,
} from "../../../src/sources/http/client/failure.ts";
import { statusError, toCatalogError } from "../../../src/sources/http/error-boundary.ts";

const TOKEN = "5e12a7f0-c0de-4000-8000-00c0ffee0001";
const ENDPOINT = "/v1/catalog/services";

function withCode(code: string, message = code): Error {
  return Object.assign(new Error(message), { code });
}

function withStatus(
  status: number,
  body: string,
  retryAfter?: string,
  product: Product = PRODUCTS.consul,
): CatalogError {
  return statusError(status, body, retryAfter, product);
}

test.each<[string, unknown, string, RegExp]>([
  ["nothing listens", withCode("ECONNREFUSED"), "E_CATALOG_UNREACHABLE", /connection refused.*ECONNREFUSED/],
  ["a peer that hangs up", withCode("ECONNRESET"), "E_CATALOG_UNREACHABLE", /connection reset/],
  ["an unknown host", withCode("ENOTFOUND"), "E_CATALOG_UNREACHABLE", /does not resolve/],
  ["a missing socket", withCode("ENOENT"), "E_CATALOG_UNREACHABLE", /unix socket does not exist/],
  [
    "a certificate that no authority has signed",
    withCode("SELF_SIGNED_CERT_IN_CHAIN"),
    "E_CATALOG_UNREACHABLE",
    /SELF_SIGNED/,
  ],
  ["no connection in time", withCode(CONNECT_TIMEOUT), "E_CATALOG_UNREACHABLE", /no connection within 1 s/],
  ["a connection that ends", withCode(CONNECTION_LOST), "E_CATALOG_UNREACHABLE", /connection was lost/],
  ["a cut body", withCode(ANSWER_CUT), "E_CATALOG_CUT", /cut short/],
  ["too large a body", withCode(ANSWER_TOO_LARGE), "E_CATALOG_TOO_LARGE", /larger than accepted/],
  ["our own abort", withCode("ABORT_ERR"), "E_CATALOG_ABORTED", /stopped/],
  ["broken JSON", new SyntaxError("Unexpected token"), "E_CATALOG_NOT_JSON", /not valid JSON/],
  [
    "a socket that has gone with its allocation",
    failure("ENOENT", "/alloc/1/secrets/api.sock"),
    "E_CATALOG_UNREACHABLE",
    /the unix socket \/alloc\/1\/secrets\/api\.sock does not exist \(ENOENT\); .*unix:\/\/\$\{NOMAD_SECRETS_DIR\}\/api\.sock/,
  ],
  [
    "a socket at which nothing listens",
    failure("ECONNREFUSED", "/a.sock"),
    "E_CATALOG_UNREACHABLE",
    /nothing listens at the unix socket \/a\.sock any more/,
  ],
  [
    "a socket of another user",
    failure("EACCES", "/a.sock"),
    "E_CATALOG_UNREACHABLE",
    /portolan's user may not use the unix socket \/a\.sock \(EACCES\); let it read and write/,
  ],
  [
    "a socket's connection that breaks",
    failure("ECONNRESET", "/a.sock"),
    "E_CATALOG_UNREACHABLE",
    /\/a\.sock: .*reset/,
  ],
  [
    "no leader",
    withStatus(500, "No cluster leader"),
    "E_CATALOG_STATUS",
    /status 500: No cluster leader; consul operator raft list-peers shows the servers$/,
  ],
  ["status 502 of a proxy", withStatus(502, "<html>Bad Gateway</html>"), "E_CATALOG_STATUS", /status 502$/],
  ["a token without rights", withStatus(403, "Permission denied"), "E_CATALOG_DENIED", /needs service_prefix/],
  ["no token where one is needed", withStatus(401, "who?"), "E_CATALOG_DENIED", /status 401: who\?/],
  ["a limit", withStatus(429, "", "7"), "E_CATALOG_BUSY", /http_max_conns_per_client/],
  ["something that is no error", "text", "E_CATALOG_UNREACHABLE", /unknown failure/],
])("%s", (_what, thrown, code, message) => {
  const error = toCatalogError(thrown, ENDPOINT, TOKEN);
  expect(error).toMatchObject({ code, retryable: true, exitCode: 69 });
  expect(error.message).toMatch(message);
  expect(error.message.startsWith(`${ENDPOINT}: `)).toBe(true);
});

test.each<[string | undefined, number | undefined]>([
  ["7", 7_000],
  ["0", undefined],
  ["-3", undefined],
  ["Wed, 21 Oct 2026 07:28:00 GMT", undefined],
  [undefined, undefined],
])("Retry-After: %s", (value, retryAfterMs) => {
  const thrown = withStatus(429, "", value);
  expect(toCatalogError(thrown, ENDPOINT, TOKEN).retryAfterMs).toBe(retryAfterMs);
});

test("what to do about it is said in the words of the product", () => {
  expect(withStatus(403, "Permission denied", undefined, PRODUCTS.nomad).message).toMatch(/"read-job"/);
  expect(withStatus(429, "", undefined, PRODUCTS.nomad).message).toMatch(/; Nomad limits requests/);
});

test("an error of ours keeps its code and gets its endpoint", () => {
  const error = toCatalogError(new CatalogError("E_CATALOG_SHAPE", "odd", 5), ENDPOINT, TOKEN);
  expect(error).toMatchObject({ code: "E_CATALOG_SHAPE", message: `${ENDPOINT}: odd`, retryAfterMs: 5 });
});

describe("the token is in nothing that comes out", () => {
  const request = { headers: { "x-consul-token": TOKEN } };
  const inMidst = `${"x".repeat(185)}${TOKEN}`;

  test.each<[string, unknown]>([
    ["the library's error holds the request", Object.assign(withCode("ECONNRESET"), { request, config: request })],
    ["its cause does", Object.assign(withCode("ECONNRESET"), { cause: Object.assign(new Error("x"), { request }) })],
    ["its message does", new Error(`failed with ${TOKEN}`)],
    ["the server echoes it", withStatus(403, `token ${TOKEN} not found`)],
    ["the echo is cut in its midst", withStatus(500, inMidst)],
    ["a message is cut in its midst", new Error(inMidst)],
    ["an error of ours quotes it", new CatalogError("E_CATALOG_SHAPE", `odd: ${TOKEN}`)],
    ["an error of ours quotes half of it", new CatalogError("E_CATALOG_SHAPE", `odd: ${TOKEN.slice(0, 20)}`)],
    ["its code is", withCode(TOKEN)],
  ])("%s", (_what, thrown) => {
    const shown = everyView(toCatalogError(thrown, ENDPOINT, TOKEN));
    for (const view of shown) {
      expect(view).toContain(ENDPOINT);
      expect(view).not.toContain(TOKEN.slice(0, 12));
    }
  });
});

/** The error as people and programs may come to see it. */
function everyView(error: CatalogError): readonly string[] {
  const lines: string[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(line) });
  logger.error(error);
  logger.error({ err: error, error, nested: { error } }, error.message);
  return [inspect(error, { showHidden: true, depth: Infinity }), `${error.stack} ${JSON.stringify(error)}`, ...lines];
}
