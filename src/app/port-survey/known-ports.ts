import { instancesOf } from "../../core/catalog/by-catalog-name.ts";
import type { CatalogSnapshot } from "../../core/catalog/snapshot.ts";
import type { OperatorConfig } from "../../core/operator-config/operator-config.ts";
import { type PortSurvey, surveyPorts } from "../../core/ports/survey.ts";
import type { CoreSettings } from "../../core/settings.ts";
import { staticPortsOf } from "../../core/static-entries/static-places.ts";
import type { KnownPorts } from "../../observe/status/ports-view.ts";
import type { PortSurveys } from "./port-survey.ts";

export interface KnownPortsParts {
  readonly surveys: Pick<PortSurveys, "latest">;
  /** What the last pass decided by: the same list until the next. */
  snapshots(): readonly CatalogSnapshot[];
  /** The settings in force: the same object until they change. */
  core(): CoreSettings;
  operatorConfig(): OperatorConfig;
}

/**
 * What can be told of ports now: the last survey, which is about everything that is registered; where there is none, what asks
 * for routes, as the last pass knew it. That one is made when it is asked for, once for a pass.
 */
export function createKnownPorts({
  surveys,
  snapshots,
  core,
  operatorConfig,
}: KnownPortsParts): () => Omit<KnownPorts, "range"> {
  let made: { readonly of: readonly object[]; readonly survey: PortSurvey } | undefined;

  function watched(): PortSurvey {
    const of = [snapshots(), core(), operatorConfig()];
    if (made === undefined || made.of.some((one, position) => one !== of[position])) {
      made = { of, survey: surveyPorts(instancesOf(snapshots()), core(), staticPortsOf(operatorConfig())) };
    }
    return made.survey;
  }

  return () => {
    const latest = surveys.latest();
    return latest === undefined
      ? { survey: watched(), surveyedAtMs: undefined }
      : { survey: latest.survey, surveyedAtMs: latest.takenAtMs };
  };
}
