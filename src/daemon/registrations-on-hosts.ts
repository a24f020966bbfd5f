import type { Clock } from "../base/clock.ts";
import { AppError } from "../base/errors.ts";
import type { ServiceInstance } from "../core/catalog/snapshot.ts";
import type { DaemonSource } from "./followed-catalog.ts";

/** A catalog that can be asked, by the name that the settings give it. */
interface AskedCatalog {
  readonly name?: string;
  readonly source: Pick<DaemonSource, "registeredAt">;
}

export interface HostRegistrationsParts {
  readonly catalogs: readonly AskedCatalog[];
  /** Whether all of them are live and show everything at the moment. */
  areBelieved(): boolean;
  readonly clock: Clock;
  readonly everyMs: number;
  /** Whether checks are read as well: one more request for each machine. Default: no. */
  readonly withChecks?: boolean;
  /** Called when a reading shows something else than the one before. */
  changed(): void;
}

/** All instances that are registered on some machines. */
export interface HostRegistrations {
  /** As last read; undefined while no machine is followed, and before the first reading. */
  current(): readonly ServiceInstance[] | undefined;
  /** Takes the places on the machines, as `HOST:PORT`; an empty list ends the reading. */
  follow(places: readonly string[], signal: AbortSignal): void;
}

/** No pass waits for a reading: a tenth of the time is spent on it at most, however many machines there are. */
const PAUSE_SHARE = 10;

/**
 * Reads again and again what is registered on the machines that are followed. The watch does not see services that ask for no
 * routes, and a scheduler may give one of them the port of a held server, or one that a health check asks. A reading that
 * fails is not reported, since the watch reports a catalog that does not answer; the next reading tries again.
 */
export function createHostRegistrations({
  catalogs,
  areBelieved,
  clock,
  everyMs,
  withChecks = false,
  changed,
}: HostRegistrationsParts): HostRegistrations {
  let hosts: ReadonlySet<string> = new Set();
  let isReading = false;
  let current: readonly ServiceInstance[] | undefined;

  async function readOf({ name, source }: AskedCatalog, signal: AbortSignal): Promise<readonly ServiceInstance[]> {
    const found = (await source.registeredAt?.(hosts, withChecks, signal)) ?? [];
    return name === undefined ? found : found.map((instance) => ({ ...instance, catalogName: name }));
  }

  /** Nothing follows from a reading that shows the same: a pass each time would be most of what an idle process does. */
  function take(found: readonly ServiceInstance[]): void {
    if (JSON.stringify(found) === JSON.stringify(current)) return;
    current = found;
    changed();
  }

  async function readWhileFollowed(signal: AbortSignal): Promise<void> {
    while (hosts.size > 0 && !signal.aborted) {
      const beganAtMs = clock.nowMs();
      try {
        const found = areBelieved() ? await Promise.all(catalogs.map((catalog) => readOf(catalog, signal))) : undefined;
        if (found !== undefined && hosts.size > 0) take(found.flat());
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
      await clock.sleep(Math.max(everyMs, PAUSE_SHARE * (clock.nowMs() - beganAtMs)), signal);
    }
    current = undefined;
  }

  return {
    current: () => current,
    follow(places, signal) {
      hosts = new Set(places.map((place) => place.replace(/:\d*$/, "").replace(/^\[|\]$/g, "")));
      if (hosts.size === 0) current = undefined;
      if (hosts.size === 0 || isReading) return;
      isReading = true;
      void readWhileFollowed(signal).finally(() => {
        isReading = false;
      });
    },
  };
}
