import { expect, test } from "vitest";
import { AppError } from "../../../src/base/errors.ts";
import { createPortsLog } from "../../../src/observe/log/ports-log.ts";
import { createRecordingLog } from "../../fakes/recording-log.ts";

const RANGE = { ports: { first: 20_000, last: 32_000 }, origin: "Nomad's default" };

test("the dynamic range is logged with where it comes from, and a Nomad that does not report it with why", () => {
  const log = createRecordingLog();
  const ports = createPortsLog(log);
  ports.dynamicRange(RANGE);
  const refused = new AppError("connection refused", { code: "E_CATALOG_CONNECTION", retryable: true });
  ports.rangeUnreported("http://127.0.0.1:4646", refused, RANGE);
  expect(log.events).toEqual([
    {
      event: "ports.range",
      message: "dynamic ports are 20000-32000: Nomad's default",
      data: { ports: "20000-32000", origin: "Nomad's default" },
    },
    {
      event: "ports.untold",
      message:
        "Nomad at http://127.0.0.1:4646 does not tell its dynamic ports: connection refused; 20000-32000 counts (Nomad's default), trying again",
      data: {
        nomad: "http://127.0.0.1:4646",
        code: "E_CATALOG_CONNECTION",
        ports: "20000-32000",
        origin: "Nomad's default",
      },
    },
  ]);
});
