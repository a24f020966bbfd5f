import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createServer, get, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { TLSSocket } from "node:tls";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CatalogEndpoint, openEndpoint } from "../../src/sources/endpoint.ts";
import { CONSUL } from "../../src/sources/product.ts";
import { createFakeClock, type FakeClock } from "../fakes/fake-clock.ts";
import { recordCredentials } from "../fakes/recording-credentials.ts";
import { until } from "../support/await-until.ts";
import { type Certificate, makeAuthority } from "../support/certificates.ts";

let dir: string;
let first: Certificate;
let second: Certificate;
let server: Server;
let endpoint: CatalogEndpoint;
let clock: FakeClock;
/** Answers that wait for the test, by path `/held`. */
let held: ServerResponse[];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "portolan-agent-"));
  const ca = makeAuthority(dir, "ca");
  const own = ca.sign("server", "subjectAltName=IP:127.0.0.1");
  first = ca.sign("first", "extendedKeyUsage=clientAuth");
  second = ca.sign("second", "extendedKeyUsage=clientAuth");
  install(first);
  held = [];
  const files = { cert: readFileSync(own.cert), key: readFileSync(own.key), ca: readFileSync(ca.cert) };
  server = createServer({ ...files, requestCert: true, rejectUnauthorized: true }, ({ socket, url }, response) => {
    if (url === "/held") held.push(response);
    else response.end(socket instanceof TLSSocket ? socket.getPeerCertificate().subject.CN : "no TLS");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  clock = createFakeClock();
  const tls = { caFile: ca.cert, certFile: join(dir, "in-use"), keyFile: join(dir, "in-use-key") };
  endpoint = openEndpoint(address(), tls, CONSUL, { clock, reporter: recordCredentials() });
});
afterEach(async () => {
  endpoint.agent.destroy();
  server.closeAllConnections();
  await once(server.close(), "close");
  rmSync(dir, { recursive: true, force: true });
});

function address(): string {
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function install({ cert, key }: Certificate): void {
  copyFileSync(cert, join(dir, "in-use"));
  copyFileSync(key, join(dir, "in-use-key"));
}

/** Which client the server saw. */
async function ask(path = "/"): Promise<string> {
  const [answer] = await once(get(address() + path, { agent: endpoint.agent }), "response");
  return await text(answer);
}

const connections = () => new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)));

const only = (count: number) => async () => (await connections()) === count;

test("a connection is kept as long as its certificates count", async () => {
  expect([await ask(), await ask(), await ask()]).toEqual(["first", "first", "first"]);
  expect(await connections()).toBe(1);
});

test("the next request after a change shows the new certificate, and the connection at rest is closed", async () => {
  await ask();
  install(second);
  await clock.advance(1_000);
  expect(await ask()).toBe("second");
  await until(only(1), { timeoutMs: 2_000, what: "the old connection to be closed" });
  expect(await ask()).toBe("second");
  expect(await connections()).toBe(1);
});

test("a long poll under way gets its answer, and its connection is closed after it", async () => {
  const poll = ask("/held");
  await until(() => held.length === 1, { timeoutMs: 2_000, what: "the poll" });
  install(second);
  await clock.advance(1_000);
  expect(await ask()).toBe("second");
  expect(await connections()).toBe(2);
  held[0]?.end("news");
  expect(await poll).toBe("news");
  await until(only(1), { timeoutMs: 2_000, what: "the old connection to be closed" });
  // Nothing of the old one is left that a later request could be given.
  expect(Object.keys(endpoint.agent.sockets)).toEqual([]);
  expect(await ask()).toBe("second");
});
