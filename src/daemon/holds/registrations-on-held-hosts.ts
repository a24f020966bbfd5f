import type { Clock } from "../../base/clock.ts";
import { AppError } from "../../base/errors.ts";
import type { ServiceInstance } from "../../core/catalog/snapshot.ts";
import type { DaemonSource } from "../followed-catalog.ts";

/** A catalog that can be asked, by the name that the settings give it. */
interface AskedCatalog {
  readonly name?: string;
  readonly source: Pick<DaemonSource, "registeredAt">;
}

export interface HeldHostRegistrationsParts {
  readonly catalogs: readonly AskedCatalog[];
  /** Whether all of them are live and show everything at the moment. */
  areBelieved(): boolean;
  readonly clock: Clock;
  /** Called when there is a new reading. */
  changed(): void;
}

/** All instances that are registered on the machines of held servers. */
export interface HeldHostRegistrations {
  /** As last read; undefined while nothing is held, and before the first reading. */
  current(): readonly ServiceInstance[] | undefined;
  /** Takes the `HOST:PORT` of all servers that are held now; an empty list ends the reading. */
  hold(places: readonly string[], signal: AbortSignal): void;
}

const EVERY_MS = 5_000;
/** No pass waits for a reading: a tenth of the time is spent on it at most, however many machines there are. */
const PAUSE_SHARE = 10;

/**
 * Reads again and again what is registered on the machines of held servers, as long as any are held. The watch does not
 * see services that ask for no routes, and a scheduler may give a held server's port to one of them. A reading that fails
 * is not reported, since the watch reports a catalog that does not answer; the next reading tries again.
 */
export function createHeldHostRegistrations({
  catalogs,
  areBelieved,
  clock,
  changed,
}: HeldHostRegistrationsParts): HeldHostRegistrations {
  let hosts: ReadonlySet<string> = new Set();
  let isReading = false;
  let current: readonly ServiceInstance[] | undefined;

  async function readOf({ name, source }: AskedCatalog, signal: AbortSignal): Promise<readonly ServiceInstance[]> {
    const found = (await source.registeredAt?.(hosts, signal)) ?? [];
    return name === undefined ? found : found.map((instance) => ({ ...instance, catalogName: name }));
  }

  async function readUntilReleased(signal: AbortSignal): Promise<void> {
    while (hosts.size > 0 && !signal.aborted) {
      const beganAtMs = clock.nowMs();
      try {
        const found = areBelieved() ? await Promise.all(catalogs.map((catalog) => readOf(catalog, signal))) : undefined;
        if (found !== undefined && hosts.size > 0) {
          current = found.flat();
          changed();
        }
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
      await clock.sleep(Math.max(EVERY_MS, PAUSE_SHARE * (clock.nowMs() - beganAtMs)), signal);
    }
    current = undefined;
  }

  return {
    current: () => current,
    hold(places, signal) {
      hosts = new Set(places.map((place) => place.replace(/:\d*$/, "").replace(/^\[|\]$/g, "")));
      if (hosts.size === 0) current = undefined;
      if (hosts.size === 0 || isReading) return;
      isReading = true;
      void readUntilReleased(signal).finally(() => {
        isReading = false;
      });
    },
  };
}
