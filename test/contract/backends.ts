import { createAcl } from "../../src/simulator/acl/acl.ts";
import { startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import type { Authority } from "../support/authority.ts";
import { freePorts } from "../support/free-port.ts";
import { findTool } from "../support/real-binaries.ts";
import { startRealConsul } from "../support/real-consul.ts";

/** A catalog that answers at a URL; what it is made of is no business of the scenarios. */
export interface Backend {
  readonly url: string;
  /** Where TLS was asked for: the same catalog by HTTPS. Else empty. */
  readonly httpsUrl: string;
  /** It goes away and comes back without its data, as a cluster that lost its disks. */
  restartEmpty(): Promise<void>;
  stop(): Promise<void>;
}

export interface BackendOptions {
  readonly maxConnectionsPerClient?: number;
  /** HTTPS beside HTTP, with a certificate of this authority for 127.0.0.1. */
  readonly tls?: { readonly authority: Authority; readonly isClientAsked: boolean };
  /** ACLs, with MANAGEMENT_TOKEN. */
  readonly defaultPolicy?: "allow" | "deny";
}

/** The token that may do everything, where ACLs are asked for. */
export const MANAGEMENT_TOKEN = "11111111-2222-3333-4444-555555555555";

export interface BackendChoice {
  readonly name: string;
  /** Undefined where this machine has no such server. */
  readonly start: ((options?: BackendOptions) => Promise<Backend>) | undefined;
}

const consul = await findTool("consul");

export const BACKENDS: readonly BackendChoice[] = [
  { name: "the embedded catalog", start: startEmbedded },
  { name: "real Consul", start: consul === undefined ? undefined : (options) => startReal(consul, options) },
];

async function startEmbedded({ tls, defaultPolicy, ...limits }: BackendOptions = {}): Promise<Backend> {
  const catalog = createCatalog();
  const acl = defaultPolicy && createAcl({ defaultPolicy, managementToken: MANAGEMENT_TOKEN });
  const options = { catalog, ...limits, ...(acl && { acl }) };
  const servers = [await startCatalogServer(options)];
  if (tls !== undefined) {
    const { certPem, keyPem } = tls.authority.issue("server", "IP:127.0.0.1");
    const clientCa = tls.isClientAsked ? { clientCaPem: tls.authority.caPem } : {};
    servers.push(await startCatalogServer({ ...options, tls: { certPem, keyPem, ...clientCa } }));
  }
  return {
    url: servers[0]!.url,
    httpsUrl: servers[1]?.url ?? "",
    async restartEmpty() {
      await Promise.all(servers.map((server) => server.close()));
      catalog.wipe();
      await Promise.all(servers.map((server) => server.reopen()));
    },
    async stop() {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

async function startReal(tool: NonNullable<typeof consul>, options: BackendOptions = {}): Promise<Backend> {
  const { tls, maxConnectionsPerClient, defaultPolicy } = options;
  const [port] = await freePorts(1);
  const settings: string[] = [];
  if (maxConnectionsPerClient !== undefined) {
    settings.push(`limits { http_max_conns_per_client = ${maxConnectionsPerClient} }`);
  }
  if (tls !== undefined) {
    const { certFile, keyFile } = tls.authority.issue("server", "IP:127.0.0.1");
    settings.push(
      `ports { https = ${port} } verify_incoming_https = ${tls.isClientAsked}`,
      `ca_file = "${tls.authority.caFile}" cert_file = "${certFile}" key_file = "${keyFile}"`,
    );
  }
  if (defaultPolicy !== undefined) {
    // The agent needs a token of its own to register the server.
    const tokens = `tokens { master = "${MANAGEMENT_TOKEN}" agent = "${MANAGEMENT_TOKEN}" }`;
    settings.push(`acl { enabled = true default_policy = "${defaultPolicy}" ${tokens} }`);
  }
  const real = await startRealConsul(tool, {
    ...(defaultPolicy === undefined ? {} : { token: MANAGEMENT_TOKEN }),
    hcl: settings.join("\n"),
    directories: tls === undefined ? [] : [tls.authority.directory],
  });
  return {
    url: real.url,
    httpsUrl: tls === undefined ? "" : `https://127.0.0.1:${port}`,
    restartEmpty: () => real.restart(),
    stop: () => real.stop(),
  };
}
