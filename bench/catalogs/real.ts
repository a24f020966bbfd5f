import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeAuthority } from "../../test/support/certificates.ts";
import { freePorts } from "../../test/support/free-port.ts";
import { startRealConsul } from "../../test/support/real-consul.ts";
import type { Stage } from "../stage.ts";
import { startWithTeardown } from "../teardown.ts";
import type { CatalogOptions, PeerCatalog } from "./peer-catalog.ts";
import { startRelay } from "./relay.ts";
import { registerWorld, writesTo } from "./writes.ts";

/** Beyond what any peer opens. */
const UNLIMITED = 15_000;

/** One Consul server in memory behind a relay. Over https peers verify its certificate, and may speak HTTP/2. */
export function startRealCatalog(stage: Stage, { isUnlimited = false }: CatalogOptions): Promise<PeerCatalog> {
  const { options, consul: tool, world } = stage;
  return startWithTeardown(async (teardown) => {
    const hcl = ['telemetry { prometheus_retention_time = "1h", disable_hostname = true }'];
    if (isUnlimited) hcl.push(`limits { http_max_conns_per_client = ${UNLIMITED} }`);
    let httpsUrl: string | undefined;
    let caFile: string | undefined;
    if (options.scheme === "https") {
      const directory = await mkdtemp(join(tmpdir(), "portolan-bench-tls-"));
      teardown.add(() => rm(directory, { recursive: true, force: true }));
      const authority = makeAuthority(directory, "authority");
      const { cert, key } = authority.sign("consul", "subjectAltName=IP:127.0.0.1");
      const [port] = await freePorts(1);
      hcl.push(`ports { https = ${port} }`, `cert_file = "${cert}"`, `key_file = "${key}"`);
      httpsUrl = `https://127.0.0.1:${port}`;
      caFile = authority.cert;
    }
    const consul = await startRealConsul(tool, { hcl: hcl.join("\n") });
    teardown.add(() => consul.stop());
    await registerWorld(consul.url, world);
    const relay = await startRelay(httpsUrl ?? consul.url);
    teardown.add(() => relay.stop());
    return {
      url: relay.url,
      ...(caFile === undefined ? {} : { caFile }),
      ...writesTo(consul.url),
      async traffic() {
        const [{ receivedBytes, mostConnections }, requests] = await Promise.all([
          relay.counts(),
          readsAnswered(consul.url),
        ]);
        return { requests, receivedBytes, mostConnections };
      },
      stop: teardown.run,
    };
  });
}

async function readsAnswered(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/v1/agent/metrics?format=prometheus`)).text();
  return [...metrics.matchAll(/^consul_http_GET_v1_(?:catalog|health)_\w*_count (\d+)/gm)]
    .map(([, count]) => Number(count))
    .reduce((sum, count) => sum + count, 0);
}
