import { expect, test } from "vitest";
import { surveyPorts } from "../../../src/core/ports/survey.ts";
import { createPortMetrics } from "../../../src/observe/metrics/port-metrics.ts";
import { createMetrics } from "../../../src/observe/metrics/registry.ts";
import { ledger } from "../../builders/ledger.ts";
import { instance, settings } from "../../builders/world.ts";
import { ownLines } from "./exposition.ts";

test("ports are shown by class and status, zeros too, and none where there is no ledger any more", async () => {
  const metrics = createMetrics();
  const shown = createPortMetrics(metrics.ports);
  const core = settings();
  const declared = ledger({ ports: [{ ports: 9000, owner: "minio", exposure: "internal", purpose: "S3" }] });
  const squatter = instance({ service: "job", port: 9000 });
  shown.portsSurveyed(surveyPorts([squatter], { ...core, ports: { ...core.ports, ledger: declared } }));
  const lines = await ownLines(metrics);
  expect(lines).toContain('portolan_ports{class="infrastructure",status="Squatted"} 1');
  expect(lines).toContain('portolan_ports{class="high",status="Conflict"} 0');
  shown.portsSurveyed(undefined);
  expect((await ownLines(metrics)).filter((line) => line.startsWith("portolan_ports"))).toEqual([]);
});
