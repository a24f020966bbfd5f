import { startConsulWorld } from "./consul-world.ts";
import { startNomadWorld } from "./nomad-world.ts";
import type { World } from "./world.ts";

/** The catalogs that can be compared. */
export const WORLDS: ReadonlyMap<string, () => Promise<World>> = new Map([
  ["consul", startConsulWorld],
  ["nomad", startNomadWorld],
]);
