import { setTimeout as sleep } from "node:timers/promises";
import { BYSTANDERS, INNOCENT, register } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";
import { overRestart } from "../variants.ts";

const SERVICES = [INNOCENT, ...BYSTANDERS];

/** All services are gone for a while and held; meanwhile a service on another node registers their address and ports. */
const SHOT_DOWN: Trial = {
  name: "held: another node's service registers the address and port of held servers",
  // A settings file without this would believe the removal after 10 s.
  stage: { settings: () => ({ guard: { confirmAfter: "60s" } }) },
  portolanOnly: true,
  async begin({ catalog, ports }) {
    await catalog.deregister({ Node: "node-1" });
    await sleep(1_000);
    for (const [at, port] of [ports.innocent, ports.others].entries()) {
      const Address = "127.0.0.1";
      await catalog.register({
        Node: "elsewhere",
        Address: "127.0.0.2",
        Service: { ID: `shooter-${at}`, Service: "shooter", Port: port, Address, Tags: ["traefik.enable=true"] },
      });
    }
  },
  async end({ catalog, ports }) {
    for (const service of SERVICES) {
      await register(catalog, { service, port: service === INNOCENT ? ports.innocent : ports.others });
    }
  },
  tells: ["chart.held", "chart.released"],
};

export const HOLD_ATTACKS: readonly Trial[] = [SHOT_DOWN, overRestart(SHOT_DOWN)];
