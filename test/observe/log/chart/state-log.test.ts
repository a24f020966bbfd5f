import { expect, test } from "vitest";
import { AppError } from "../../../../src/base/errors.ts";
import { createStateLog } from "../../../../src/observe/log/chart/state-log.ts";
import { createRecordingLog } from "../../../fakes/recording-log.ts";

test("a state that cannot be saved is logged once, and again when it had been saved in between", () => {
  const log = createRecordingLog();
  const state = createStateLog(log);
  const full = new AppError("cannot write last-good.json: ENOSPC", { code: "E_OUTPUT_NO_SPACE", retryable: true });
  for (let tries = 0; tries < 4; tries += 1) state.stateUnsaved(full);
  state.passEnded();
  state.stateUnsaved(full);
  state.passEnded();
  expect(log.events).toEqual([
    {
      event: "state.unsaved",
      message: "cannot write last-good.json: ENOSPC; routes go on",
      data: { code: "E_OUTPUT_NO_SPACE" },
    },
  ]);
  state.passEnded();
  state.stateUnsaved(full);
  expect(log.names).toEqual(["state.unsaved", "state.unsaved"]);
});

test("a damaged state file is logged with the place that it was moved to", () => {
  const log = createRecordingLog();
  const state = createStateLog(log);
  state.setAside("no JSON", "/state/a.damaged");
  state.stateNoted("the last save was cut off");
  expect(log.events).toEqual([
    {
      event: "state.set-aside",
      message: "no JSON; moved to /state/a.damaged, starting without it",
      data: { movedTo: "/state/a.damaged" },
    },
    { event: "state.noted", message: "the last save was cut off", data: {} },
  ]);
});
