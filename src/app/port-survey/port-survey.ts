import type { Clock } from "../../base/clock.ts";
import { AppError } from "../../base/errors.ts";
import type { ServiceInstance } from "../../core/catalog/snapshot.ts";
import type { StaticPort } from "../../core/ports/static-port.ts";
import { judgeInSteps, type PortSurvey, surveyPorts } from "../../core/ports/survey.ts";
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
  /** Ports that files of the operator's point at by fixed addresses. */
  statics(): readonly StaticPort[];
  readonly clock: Pick<Clock, "sleep" | "nowMs">;
  /** A number in [0, 1). */
  random(): number;
  readonly observer: PortSurveyObserver;
}

/** What was found, and when. */
export interface TakenSurvey {
  readonly survey: PortSurvey;
  readonly takenAtMs: number;
}

/** Holds the ports of all services against the ledger, now and then. */
export interface PortSurveys {
  /** The last one; undefined before the first, and where there is no ledger. */
  latest(): TakenSurvey | undefined;
  /**
   * Until aborted. Asks nothing while there is no ledger.
   *
   * @param nextReload aborted at the next reload of the settings. The wait for the next survey is then a short one; one under way
   * goes on, which may take long, and is held against the settings that are in force at its end.
   */
  run(signal: AbortSignal, nextReload: () => AbortSignal): Promise<void>;
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
export function createPortSurveys({ catalogs, core, statics, clock, random, observer }: PortSurveyParts): PortSurveys {
  let latest: TakenSurvey | undefined;
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
    // The settings may be others than at the start.
    if (!hasLedger(core())) return report(undefined);
    const found = await runInTurns(judgeInSteps(surveyPorts(instances, core(), statics())), clock);
    if (!signal.aborted) report(found);
  }

  function report(survey: PortSurvey | undefined): void {
    latest = survey && { survey, takenAtMs: clock.nowMs() };
    observer.portsSurveyed(survey);
  }

  return {
    latest: () => latest,
    async run(signal, nextReload) {
      let waitMs = FIRST_AFTER_MS;
      while (!signal.aborted) {
        const reload = nextReload();
        await clock.sleep(waitMs * spread(), AbortSignal.any([signal, reload]));
        waitMs = reload.aborted ? FIRST_AFTER_MS : EVERY_MS;
        if (signal.aborted || reload.aborted) continue;
        if (hasLedger(core())) await survey(signal);
        else report(undefined);
      }
    },
  };
}

function hasLedger({ ports: { ledger } }: CoreSettings): boolean {
  return ledger.file !== undefined || ledger.entries.length > 0;
}
