import { expect, test } from "vitest";
import { createServeLog } from "../../../../src/observe/log/chart/serve-log.ts";
import { createFakeClock } from "../../../fakes/fake-clock.ts";
import { createRecordingLog } from "../../../fakes/recording-log.ts";

test("a flood of refused clients is one line a minute for each reason, and the next one counts the others", async () => {
  const log = createRecordingLog();
  const clock = createFakeClock();
  const serve = createServeLog(log, clock);
  for (let request = 0; request < 100; request += 1) serve.refused("another token", `10.0.0.${request}`);
  serve.refused("no TLS", "10.0.0.7", "ERR_SSL_WRONG_VERSION_NUMBER");
  await clock.advance(60_000);
  serve.refused("another token", "10.0.0.8");
  expect(log.lines).toEqual([
    "serve.refused: a client at 10.0.0.0 was refused the chart: it shows another token than serve.tokenFile holds",
    "serve.refused: a client at 10.0.0.7 was refused the chart: its TLS handshake failed (ERR_SSL_WRONG_VERSION_NUMBER)",
    "serve.refused: a client at 10.0.0.8 was refused the chart: it shows another token than serve.tokenFile holds, as were 99 other requests since the last such line",
  ]);
  expect(log.events.map(({ data }) => data["count"])).toEqual([1, 1, 100]);
});
