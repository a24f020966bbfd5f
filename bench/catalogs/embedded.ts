import type { Stage } from "../stage.ts";
import { startWithTeardown } from "../teardown.ts";
import type { WorldShape } from "../world.ts";
import type { EmbeddedState } from "./embedded-process.ts";
import type { PeerCatalog } from "./peer-catalog.ts";
import { startRelay } from "./relay.ts";
import { startWorker } from "./worker.ts";
import { writesTo } from "./writes.ts";

/** The catalog that portolan brings along, in a process of its own behind a relay: for worlds too large for one Consul. */
export function startEmbeddedCatalog({ options, ports }: Stage): Promise<PeerCatalog> {
  const { services, instances, nodes } = options;
  const shape: WorldShape = { services, instances, nodes, ports };
  return startWithTeardown(async (teardown) => {
    const catalog = await startWorker<EmbeddedState>("embedded-process.ts", shape);
    teardown.add(() => catalog.stop());
    const { url } = await catalog.state();
    const relay = await startRelay(url);
    teardown.add(() => relay.stop());
    return {
      url: relay.url,
      ...writesTo(url),
      async traffic() {
        const [{ receivedBytes, mostConnections }, { requests }] = await Promise.all([relay.counts(), catalog.state()]);
        return { requests, receivedBytes, mostConnections };
      },
      stop: teardown.run,
    };
  });
}
