import { expect, test } from "vitest";
import { createKnownPorts } from "../../../src/app/port-survey/known-ports.ts";
import type { TakenSurvey } from "../../../src/app/port-survey/port-survey.ts";
import { NO_OPERATOR_CONFIG } from "../../../src/core/operator-config/operator-config.ts";
import { surveyPorts } from "../../../src/core/ports/survey.ts";
import { instance, NOW_MS, settings, snapshot } from "../../builders/world.ts";

function createSite() {
  const core = settings();
  const site = {
    latest: undefined as TakenSurvey | undefined,
    snapshots: [snapshot([instance()])],
  };
  const known = createKnownPorts({
    surveys: { latest: () => site.latest },
    snapshots: () => site.snapshots,
    core: () => core,
    operatorConfig: () => NO_OPERATOR_CONFIG,
  });
  return { site, known, core };
}

test("without a survey the ports are those of the last pass, worked out once for each pass", () => {
  const { site, known } = createSite();
  const first = known();
  expect([[...first.survey.registrations.keys()], first.surveyedAtMs]).toEqual([["24001/tcp node-1"], undefined]);
  expect(known().survey).toBe(first.survey);
  site.snapshots = [snapshot([instance({ port: 24_002 })])];
  expect([...known().survey.registrations.keys()]).toEqual(["24002/tcp node-1"]);
});

test("a survey counts, with its time", () => {
  const { site, known, core } = createSite();
  const survey = surveyPorts([], core);
  site.latest = { survey, takenAtMs: NOW_MS };
  expect(known()).toEqual({ survey, surveyedAtMs: NOW_MS });
});
