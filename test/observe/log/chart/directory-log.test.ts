import { expect, test } from "vitest";
import { createDirectoryLog } from "../../../../src/observe/log/chart/directory-log.ts";
import { createRecordingLog } from "../../../fakes/recording-log.ts";

test("a directory that traefik refuses is an error with the file, and its end is told", () => {
  const log = createRecordingLog();
  const directory = createDirectoryLog(log, "/srv/portolan.yml");
  directory.directoryRefused({ file: "/srv/static.yml", message: "/srv/static.yml: found a list; correct it" });
  directory.directoryLoadable();
  expect(log.names).toEqual(["chart.refused", "chart.loadable"]);
  expect(log.lines[0]).toContain("/srv/static.yml: found a list; correct it");
  expect(log.events[0]?.data).toEqual({ file: "/srv/static.yml" });
});
