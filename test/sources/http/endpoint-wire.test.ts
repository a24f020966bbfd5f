import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { CatalogServer } from "../../../src/simulator/api/api-server.ts";
import { createNomadCatalog } from "../../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../../src/simulator/nomad/server.ts";
import { startCatalogServer } from "../../../src/simulator/server.ts";
import { createCatalog } from "../../../src/simulator/state/catalog.ts";
import type { CatalogClient } from "../../../src/sources/catalog/catalog-client.ts";
import { PRODUCTS, type Product } from "../../../src/sources/catalog/product.ts";
import type { CatalogTls } from "../../../src/sources/credentials/tls-material.ts";
import type { HttpConnections } from "../../../src/sources/http/client/connections.ts";
import { openEndpoint } from "../../../src/sources/http/client/endpoint.ts";
import { openConnections } from "../../../src/sources/http/client/open.ts";
import { makeAuthority } from "../../support/certificates.ts";
import * as consul from "../consul/world.ts";
import * as nomad from "../nomad/world.ts";

const fronts: { close(): Promise<void> }[] = [];

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

interface Case {
  readonly product: Product;
  /** Its embedded catalog, with one service. */
  start(): Promise<CatalogServer>;
  connect(connections: HttpConnections): CatalogClient;
  /** The services that a read shows. */
  readonly shown: readonly string[];
}

const CASES: readonly Case[] = [
  {
    product: PRODUCTS.consul,
    async start() {
      const catalog = createCatalog();
      consul.register(catalog, { service: "web" });
      return await startCatalogServer({ catalog });
    },
    connect: (connections) => consul.createClient("", { connections }),
    shown: ["consul", "web"],
  },
  {
    product: PRODUCTS.nomad,
    async start() {
      const catalog = createNomadCatalog();
      nomad.register(catalog, "web", 24_001);
      return await startNomadServer({ catalog });
    },
    connect: (connections) => nomad.createClient("", { connections }),
    shown: ["default/web"],
  },
];

describe.each(CASES)("$product.name", ({ product, start, connect: connectTo, shown }) => {
  let dir: string;
  let catalog: CatalogServer;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "portolan-tls-"));
    catalog = await start();
  });
  afterEach(async () => {
    for (const front of fronts.splice(0)) await front.close();
  });
  afterAll(async () => {
    await catalog.close();
    rmSync(dir, { recursive: true, force: true });
  });

  /** Reads the names of the services once. */
  async function names(address: string, tls: CatalogTls = {}): Promise<readonly string[]> {
    const client = connectTo(openConnections(openEndpoint(address, tls, product), 16));
    try {
      const read = { index: 0n, consistency: "default", signal: new AbortController().signal } as const;
      return [...(await client.services(read)).value.keys()];
    } finally {
      client.close();
    }
  }

  test("a unix socket is an address like any other", async () => {
    const path = join(dir, "catalog.sock");
    const { hostname, port } = new URL(catalog.url);
    const front = createServer((socket) => {
      const upstream = connect(Number(port), hostname);
      socket.pipe(upstream).pipe(socket);
      for (const end of [socket, upstream]) end.on("error", () => end.destroy());
    });
    await listening(front, path);
    expect(await names(`unix://${path}`)).toEqual(shown);
  });

  test("a unix socket that is not there is an error that says so", async () => {
    await expect(names(`unix://${join(dir, "none.sock")}`)).rejects.toMatchObject({
      code: "E_CATALOG_UNREACHABLE",
      message: expect.stringContaining(`the unix socket ${join(dir, "none.sock")} does not exist (ENOENT)`),
    });
  });

  describe("https", () => {
    let files: Record<"ca" | "server" | "serverKey" | "client" | "clientKey" | "otherCa", string>;

    beforeAll(() => {
      const [ca, otherCa] = [makeAuthority(dir, "ca"), makeAuthority(dir, "other-ca")];
      const server = ca.sign("server", "subjectAltName=DNS:server.dc1.consul");
      const client = ca.sign("client", "extendedKeyUsage=clientAuth");
      files = {
        ...{ ca: ca.cert, otherCa: otherCa.cert, server: server.cert, serverKey: server.key },
        ...{ client: client.cert, clientKey: client.key },
      };
    });

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
      expect(await names(await startFront(), { caFile: files.ca, serverName })).toEqual(shown);
    });

    test.each<[string, () => CatalogTls, RegExp]>([
      ["signed by no authority that we know", () => ({ serverName }), /set tls\.caFile \((?:UNABLE_TO|SELF_SIGNED)/],
      [
        "signed by another CA",
        () => ({ caFile: files.otherCa, serverName }),
        /set tls\.caFile \((?:UNABLE_TO|SELF_SIGNED)/,
      ],
      [
        "of another name",
        () => ({ caFile: files.ca, serverName: "elsewhere" }),
        /set tls\.serverName \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
      ],
    ])("a server %s is not believed", async (_what, tls, message) => {
      await expect(names(await startFront(), tls())).rejects.toMatchObject({
        code: "E_CATALOG_UNREACHABLE",
        message: expect.stringMatching(message),
      });
    });

    test("a server that speaks no TLS is named as that", async () => {
      await expect(names(catalog.url.replace("http:", "https:"))).rejects.toMatchObject({
        code: "E_CATALOG_UNREACHABLE",
        message: expect.stringContaining("TLS is not what is spoken there"),
      });
    });

    test("unless any is accepted", async () => {
      expect(await names(await startFront(), { insecureSkipVerify: true })).toEqual(shown);
    });

    test("a client certificate is shown where one is asked for", async () => {
      const address = await startFront({ asksForCertificate: true });
      const trusting = { caFile: files.ca, serverName };
      const ours = { certFile: files.client, keyFile: files.clientKey };
      expect(await names(address, { ...trusting, ...ours })).toEqual(shown);
      await expect(names(address, trusting)).rejects.toMatchObject({ code: "E_CATALOG_UNREACHABLE" });
    });
  });
});
