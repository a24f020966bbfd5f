import type { Clock } from "../../base/clock.ts";
import { AppError } from "../../base/errors.ts";
import type { ServiceInstance } from "../../core/catalog/snapshot.ts";
import { judgeInSteps, surveyPorts } from "../../core/ports/survey.ts";
import type { CoreSettings } from "../../core/settings.ts";
import { runInTurns } from "../../daemon/run-in-turns.ts";
import type { PortSurveyObserver } from "../../observe/observer.ts";

/** A catalog of which all registrations can be read. */
export interface SurveyedCatalog {
  /** What messages call it. */
  readonly label: string;
  /**
   * Every registration, also of services without any tag, in requests one after the other, each after the pause. Rejects with
   * an AppError.
   */
  registrations(pause: () => Promise<void>, signal: AbortSignal): Promise<readonly ServiceInstance[]>;
}

export interface PortSurveyParts {
  readonly catalogs: readonly SurveyedCatalog[];
  /** The settings in force. */
  core(): CoreSettings;
  readonly clock: Pick<Clock, "sleep" | "nowMs">;
  /** A number in [0, 1). */
  random(): number;
  readonly observer: PortSurveyObserver;
}

/** Holds the ports of all services against the ledger, now and then. */
export interface PortSurveys {
  /** Until aborted. Asks nothing while there is no ledger. */
  run(signal: AbortSignal): Promise<void>;
}

/** The watches of the charts come first at a start. */
const FIRST_AFTER_MS = 20_000;
const EVERY_MS = 5 * 60_000;
/** Between two requests: about three a second, whatever the size of the catalog. */
const PAUSE_MS = 300;

/**
 * The watches read only services that ask for routes; a ledger is about all of them. So where there is one, every catalog is read
 * as a whole every few minutes, by single requests with pauses between, beside the watches and the passes, which wait for
 * none of it. What one catalog does not answer leaves everything as it was.
 */
export function createPortSurveys({ catalogs, core, clock, random, observer }: PortSurveyParts): PortSurveys {
  const spread = () => 0.9 + 0.2 * random();

  async function survey(signal: AbortSignal): Promise<void> {
    const pause = () => clock.sleep(PAUSE_MS * spread(), signal);
    const instances: ServiceInstance[] = [];
    for (const catalog of catalogs) {
      try {
        for (const instance of await catalog.registrations(pause, signal)) instances.push(instance);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        if (!signal.aborted) observer.portsUnsurveyed(catalog.label, error);
        return;
      }
      if (signal.aborted) return;
    }
    const found = await runInTurns(judgeInSteps(surveyPorts(instances, core())), clock);
    if (!signal.aborted) observer.portsSurveyed(found);
  }

  return {
    async run(signal) {
      await clock.sleep(FIRST_AFTER_MS * spread(), signal);
      while (!signal.aborted) {
        const { file, entries } = core().ports.ledger;
        if (file === undefined && entries.length === 0) observer.portsSurveyed(undefined);
        else await survey(signal);
        await clock.sleep(EVERY_MS * spread(), signal);
      }
    },
  };
}
