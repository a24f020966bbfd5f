import { expect, test } from "vitest";
import { createWriterLog } from "../../../../src/observe/log/chart/writer-log.ts";
import { createRecordingLog } from "../../../fakes/recording-log.ts";

test("a portolan that stands by names the other, and says when it takes over", () => {
  const log = createRecordingLog();
  const writer = createWriterLog(log, "chart.yml");
  writer.writesAlone();
  writer.standingBy("pid 7 on edge-1");
  writer.writesAlone();
  writer.writesAlone();
  expect(log.names).toEqual(["chart.standby", "chart.taken-over"]);
  expect(log.lines[0]).toContain("pid 7 on edge-1");
  expect(log.events[0]?.data).toEqual({ owner: "pid 7 on edge-1" });
});
