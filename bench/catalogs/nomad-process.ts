import { createNomadCatalog } from "../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../src/simulator/nomad/server.ts";
import type { ChangeKind } from "../lifecycle.ts";
import { createWorld, type Instance, type WorldShape } from "../world.ts";
import type { EmbeddedState } from "./embedded-process.ts";
import { allocationOf, jobOf, nomadRegistrationOf } from "./nomad-writes.ts";
import { tellState } from "./worker.ts";

/** What this process is asked to do. */
export interface NomadOrder {
  readonly kind: ChangeKind;
  readonly instance: Instance;
}

const catalog = createNomadCatalog();

/** A job without a deployment and without checks: it is placed, runs, and its client registers its service. */
function perform({ kind, instance }: NomadOrder): void {
  const registration = nomadRegistrationOf(instance);
  if (kind === "gone") {
    catalog.changeAllocation(registration.AllocID, { DesiredStatus: "stop" });
    catalog.deregister(registration);
    catalog.changeAllocation(registration.AllocID, { ClientStatus: "complete" });
    return;
  }
  if (kind === "new" || kind === "soon") catalog.registerJob(jobOf(instance));
  catalog.placeAllocation(allocationOf(instance));
  catalog.register(registration);
}

for (const instance of createWorld(JSON.parse(process.argv[2] ?? "") as WorldShape)) perform({ kind: "new", instance });
const { url, requests } = await startNomadServer({ catalog });
process.on("message", (order) => {
  if (typeof order === "object" && order !== null) perform(order as NomadOrder);
});
tellState((): EmbeddedState => ({ url, requests: requests.count() }));
