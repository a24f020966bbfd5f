import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createCatalog } from "../../../src/simulator/catalog.ts";
import { type CatalogServer, startCatalogServer } from "../../../src/simulator/server.ts";
import { type ConsulTls, openEndpoint } from "../../../src/sources/consul/transport.ts";
import { createClient, register } from "./world.ts";

let dir: string;
let catalog: CatalogServer;
const fronts: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "portolan-tls-"));
  const content = createCatalog();
  register(content, { service: "web" });
  catalog = await startCatalogServer({ catalog: content });
});
afterEach(async () => {
  for (const front of fronts.splice(0)) await front.close();
});
afterAll(async () => {
  await catalog.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Reads the names of the services once. */
async function names(address: string, tls: ConsulTls = {}): Promise<readonly string[]> {
  const client = createClient("", { endpoint: openEndpoint(address, tls) });
  try {
    const read = { index: 0n, consistency: "default", signal: new AbortController().signal } as const;
    return [...(await client.services(read)).value.keys()];
  } finally {
    client.close();
  }
}

async function listening(server: Server, where: string | number): Promise<void> {
  if (typeof where === "number") server.listen(where, "127.0.0.1");
  else server.listen(where);
  await once(server, "listening");
  fronts.push({
    async close() {
      const closed = once(server, "close");
      server.close();
      await closed;
    },
  });
}

test("a unix socket is an address like any other", async () => {
  const path = join(dir, "consul.sock");
  const { hostname, port } = new URL(catalog.url);
  const front = createServer((socket) => {
    const upstream = connect(Number(port), hostname);
    socket.pipe(upstream).pipe(socket);
    for (const end of [socket, upstream]) end.on("error", () => end.destroy());
  });
  await listening(front, path);
  expect(await names(`unix://${path}`)).toEqual(["consul", "web"]);
});

test("a unix socket that is not there is an error that says so", async () => {
  await expect(names(`unix://${join(dir, "none.sock")}`)).rejects.toMatchObject({
    code: "E_CATALOG_UNREACHABLE",
    message: expect.stringContaining("the unix socket does not exist"),
  });
});

describe("https", () => {
  let files: Record<"ca" | "server" | "serverKey" | "client" | "clientKey" | "otherCa", string>;

  beforeAll(() => {
    const [ca, otherCa] = [makeAuthority("ca"), makeAuthority("other-ca")];
    const server = makeCertificate("server", "subjectAltName=DNS:server.dc1.consul");
    const client = makeCertificate("client", "extendedKeyUsage=clientAuth");
    files = { ca, otherCa, server: server.cert, serverKey: server.key, client: client.cert, clientKey: client.key };
  });

  function openssl(...args: readonly string[]): void {
    execFileSync("openssl", args, { stdio: "pipe" });
  }

  function makeAuthority(name: string): string {
    const [key, cert] = [join(dir, `${name}.key`), join(dir, `${name}.pem`)];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    openssl("req", "-x509", ...curve, "-keyout", key, "-out", cert, "-subj", `/CN=${name}`, "-days", "1");
    return cert;
  }

  function makeCertificate(name: string, extension: string): { readonly cert: string; readonly key: string } {
    const [key, csr, cert, ext] = ["key", "csr", "pem", "ext"].map((suffix) => join(dir, `${name}.${suffix}`)) as [
      string,
      string,
      string,
      string,
    ];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    writeFileSync(ext, `${extension}\n`);
    openssl("req", "-new", ...curve, "-keyout", key, "-out", csr, "-subj", `/CN=${name}`);
    const authority = ["-CA", join(dir, "ca.pem"), "-CAkey", join(dir, "ca.key"), "-CAcreateserial"];
    openssl("x509", "-req", "-in", csr, ...authority, "-out", cert, "-days", "1", "-extfile", ext);
    return { cert, key };
  }

  /** The catalog behind TLS, as Consul's own HTTPS port with verify_incoming where client certificates are asked for. */
  async function startFront({ asksForCertificate = false } = {}): Promise<string> {
    const front = createHttpsServer(
      {
        cert: readFileSync(files.server),
        key: readFileSync(files.serverKey),
        ca: readFileSync(files.ca),
        requestCert: asksForCertificate,
        rejectUnauthorized: asksForCertificate,
      },
      (incoming, response) => {
        const upstream = request(catalog.url + incoming.url, { headers: incoming.headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        });
        upstream.end();
      },
    );
    await listening(front, 0);
    return `https://127.0.0.1:${(front.address() as AddressInfo).port}`;
  }

  const serverName = "server.dc1.consul";

  test("a server is believed when our CA has signed it and its name is the expected one", async () => {
    expect(await names(await startFront(), { caFile: files.ca, serverName })).toEqual(["consul", "web"]);
  });

  test.each<[string, () => ConsulTls, RegExp]>([
    ["signed by nobody we know", () => ({ serverName }), /UNABLE_TO|SELF_SIGNED/],
    ["signed by another CA", () => ({ caFile: files.otherCa, serverName }), /UNABLE_TO|SELF_SIGNED|SIGNATURE/],
    ["of another name", () => ({ caFile: files.ca, serverName: "elsewhere" }), /ERR_TLS_CERT_ALTNAME_INVALID/],
  ])("a server %s is not believed", async (_what, tls, message) => {
    await expect(names(await startFront(), tls())).rejects.toMatchObject({
      code: "E_CATALOG_UNREACHABLE",
      message: expect.stringMatching(message),
    });
  });

  test("unless any is accepted", async () => {
    expect(await names(await startFront(), { insecureSkipVerify: true })).toEqual(["consul", "web"]);
  });

  test("a client certificate is shown where one is asked for", async () => {
    const address = await startFront({ asksForCertificate: true });
    const trusting = { caFile: files.ca, serverName };
    const ours = { certFile: files.client, keyFile: files.clientKey };
    expect(await names(address, { ...trusting, ...ours })).toEqual(["consul", "web"]);
    await expect(names(address, trusting)).rejects.toMatchObject({ code: "E_CATALOG_UNREACHABLE" });
  });
});
