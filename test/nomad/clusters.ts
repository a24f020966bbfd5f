import type { NomadCluster } from "./cluster.ts";
import { startEmbeddedCluster } from "./embedded-cluster.ts";
import { connectRealNomad } from "./real-nomad.ts";

export interface ClusterChoice {
  readonly name: string;
  /** Undefined where no address says where one is. */
  readonly start: (() => Promise<NomadCluster>) | undefined;
}

const address = process.env["TEST_NOMAD_ADDR"];

/** What every scenario of jobs is played on. Without TEST_NOMAD_ADDR the real form is skipped, visibly. */
export const CLUSTERS: readonly ClusterChoice[] = [
  { name: "the embedded Nomad", start: startEmbeddedCluster },
  {
    name: address === undefined ? "a real Nomad (none: set TEST_NOMAD_ADDR)" : `a real Nomad at ${address}`,
    start:
      address === undefined ? undefined : async () => connectRealNomad(address, process.env["TEST_NOMAD_TOKEN"] ?? ""),
  },
];
