import { once } from "node:events";
import { connect } from "node:http2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cutsMidBody } from "../../src/simulator/faults/faults.ts";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { type Authority, createAuthority } from "../support/authority.ts";

let authority: Authority;
let server: CatalogServer;
beforeAll(async () => {
  authority = createAuthority();
  const { certPem, keyPem } = authority.issue("server", "IP:127.0.0.1");
  server = await startCatalogServer({ catalog: createCatalog(), tls: { certPem, keyPem } });
});
afterAll(async () => {
  await server.close();
  authority.remove();
});

test("an answer cut over HTTP/2 ends its stream with an error and leaves the connection to the others", async () => {
  const session = connect(server.url, { ca: authority.caPem });
  server.faults.set("/v1/catalog/services", cutsMidBody());
  const cut = session.request({ ":path": "/v1/catalog/services" });
  cut.resume();
  await expect(once(cut, "end")).rejects.toMatchObject({ code: "ERR_HTTP2_STREAM_ERROR" });

  const sound = session.request({ ":path": "/v1/catalog/nodes" });
  const [headers] = await once(sound, "response");
  expect(headers).toMatchObject({ ":status": 200, "x-consul-knownleader": "true" });
  session.destroy();
});

test("close ends the blocked queries of HTTP/2 as well", async () => {
  const session = connect(server.url, { ca: authority.caPem });
  session.on("error", () => {});
  const polled = session.request({ ":path": "/v1/catalog/nodes?index=11&wait=10m" });
  polled.on("error", () => {});
  const asked = session.request({ ":path": "/v1/status/leader" });
  await once(asked, "response");
  await server.close();
  if (!session.destroyed) await once(session, "close");
  expect(polled.destroyed).toBe(true);
  await server.reopen();
});
