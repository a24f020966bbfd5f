import type { Stage } from "../stage.ts";
import { startWithTeardown } from "../teardown.ts";
import type { WorldShape } from "../world.ts";
import type { EmbeddedState } from "./embedded-process.ts";
import type { NomadOrder } from "./nomad-process.ts";
import type { PeerCatalog } from "./peer-catalog.ts";
import { startRelay } from "./relay.ts";
import { startWorker } from "./worker.ts";

/** The Nomad that portolan brings along, in a process of its own behind a relay; jobs are changed by its parent's word. */
export function startNomadCatalog({ options, ports }: Stage): Promise<PeerCatalog> {
  const { services, instances, nodes } = options;
  const shape: WorldShape = { services, instances, nodes, ports };
  return startWithTeardown(async (teardown) => {
    const nomad = await startWorker<EmbeddedState>("nomad-process.ts", shape);
    teardown.add(() => nomad.stop());
    const { url } = await nomad.state();
    const relay = await startRelay(url);
    teardown.add(() => relay.stop());
    return {
      url: relay.url,
      prepare: (change) => () => nomad.order({ kind: change.kind, instance: change.instance } satisfies NomadOrder),
      register: (instance) => nomad.order({ kind: "new", instance } satisfies NomadOrder),
      async traffic() {
        const [{ receivedBytes, mostConnections }, { requests }] = await Promise.all([relay.counts(), nomad.state()]);
        return { requests, receivedBytes, mostConnections };
      },
      stop: teardown.run,
    };
  });
}
