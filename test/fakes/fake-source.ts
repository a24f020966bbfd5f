import type { AppError } from "../../src/base/errors.ts";
import type { CatalogSnapshot, ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import type { DaemonSource } from "../../src/daemon/followed-catalog.ts";

export interface FakeSource extends DaemonSource {
  /** What the source knows from now on; nothing while the catalog has not answered. */
  show(snapshot: CatalogSnapshot | undefined): void;
  /** What the source would know if it looked again; the next confirmation finds it. */
  hide(snapshot: CatalogSnapshot): void;
  /** What is registered besides, asking for no routes; found on whatever hosts are asked about. */
  registers(instances: readonly ServiceInstance[]): void;
  /** Of each reading of hosts, whether it was with checks. */
  readonly hostReadings: readonly boolean[];
  /** How often it was asked to read everything again. */
  readonly confirmations: number;
  /** Lets confirmations fail; undefined lets them succeed again. */
  failToConfirm(error: AppError | undefined): void;
}

/** A catalog that a test arranges. A confirmation that succeeds stamps the snapshot with the time of the clock. */
export function createFakeSource(name: string, clock: { nowMs(): number }, changed: () => void): FakeSource {
  let current: CatalogSnapshot | undefined;
  let hidden: CatalogSnapshot | undefined;
  let unwatched: readonly ServiceInstance[] = [];
  const hostReadings: boolean[] = [];
  let confirmations = 0;
  let failure: AppError | undefined;
  return {
    source: name,
    snapshot: () => current,
    async confirm() {
      confirmations += 1;
      if (failure !== undefined) throw failure;
      current = hidden ?? current;
      hidden = undefined;
      if (current !== undefined) current = { ...current, confirmedAtMs: clock.nowMs() };
      changed();
    },
    show(snapshot) {
      current = snapshot;
      changed();
    },
    hostReadings,
    async registeredAt(_, withChecks) {
      hostReadings.push(withChecks);
      return [...(current?.instances ?? []), ...unwatched];
    },
    registers(instances) {
      unwatched = instances;
    },
    hide(snapshot) {
      hidden = snapshot;
    },
    get confirmations() {
      return confirmations;
    },
    failToConfirm(error) {
      failure = error;
    },
  };
}
