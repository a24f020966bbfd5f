import { once } from "node:events";
import { connect } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Authority, createAuthority } from "../../support/authority.ts";
import { startAgent } from "./agent.ts";

let authority: Authority;
beforeAll(() => {
  authority = createAuthority();
});
afterAll(() => authority.remove());

test("HTTPS offers no HTTP/2 to a client that asks for it, and speaks HTTP/1.1", async () => {
  const { certPem, keyPem } = authority.issue("server", "IP:127.0.0.1");
  const agent = await startAgent({ tls: { certPem, keyPem } });
  const { port } = new URL(agent.server.url);
  const socket = connect({
    host: "127.0.0.1",
    port: Number(port),
    ca: authority.caPem,
    ALPNProtocols: ["h2", "http/1.1"],
  });
  await once(socket, "secureConnect");
  expect(socket.alpnProtocol).toBe(false);
  socket.end("GET /v1/regions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\["global"\]/s);
  await agent.close();
});
