/**
 * A healthy Consul under many changes, for as long as one likes:
 *
 *   npm run churn -- --minutes 30 --services 300
 *
 * Ten changes a second at a real Consul, with portolan and a real Traefik. A line a minute with portolan's memory and the
 * size of its log. At the end: nothing was held, memory is level after the first third, the log has no more lines than routes
 * changed, none above 2 KB, and the innocent service was answered throughout. Exits 1 where one of these is not so.
 */
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { findTool, type Tool, type ToolName } from "../support/real-binaries.ts";
import { startChurn } from "../trials/churn.ts";
import { startProbe } from "../trials/stage/innocent-probe.ts";
import { openStage } from "../trials/stage/stage.ts";
import { hostOf, INNOCENT } from "../trials/stage/world.ts";

const EVERY_MS = 100;
const LONGEST_LINE_BYTES = 2_048;
/** Above the median of the second third. */
const LEVEL = 1.1;

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "30" }, services: { type: "string", default: "300" } },
});
const [minutes, services] = [Number(values.minutes), Number(values.services)];
if (!(minutes >= 1) || !Number.isSafeInteger(services)) throw new Error("expected --minutes M --services N");

async function requireTool(name: ToolName): Promise<Tool> {
  const tool = await findTool(name);
  if (tool?.kind === "binary") return tool;
  throw new Error(`no ${name} in test/tools/bin or on the PATH; run test/tools/install`);
}

/** Resident memory, and the most of it so far, in MB. */
async function memoryOf(pid: number): Promise<{ readonly nowMb: number; readonly mostMb: number }> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const megabytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / 1024;
  return { nowMb: megabytes("VmRSS"), mostMb: megabytes("VmHWM") };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

const stage = await openStage("portolan", {
  consul: await requireTool("consul"),
  traefik: await requireTool("traefik"),
});
const problems: string[] = [];
try {
  const probe = startProbe(stage.traefik.url, hostOf(INNOCENT), [String(stage.ports.innocent)]);
  const churn = await startChurn(stage, { services, everyMs: EVERY_MS });
  const samples: number[] = [];
  for (let minute = 1; minute <= minutes; minute += 1) {
    await sleep(60_000);
    const { nowMb, mostMb } = await memoryOf(stage.portolan.pid);
    samples.push(nowMb);
    const lines = stage.portolan.log().split("\n").length;
    console.log(
      `${String(minute).padStart(4)} min  ${nowMb.toFixed(0)} MB (most ${mostMb.toFixed(0)})  ${lines} lines of log for ${churn.changedRoutes()} changed routes`,
    );
  }
  await churn.stop();
  const { asked, good, bad } = await probe.stop();
  if (good !== asked) problems.push(`${asked - good} of ${asked} answers of the innocent service bad: ${bad}`);

  const log = stage.portolan.log();
  const lines = log.split("\n");
  const routeLines = lines.filter((line) => line.includes('"event":"route.')).length;
  if (routeLines > churn.changedRoutes()) {
    problems.push(`${routeLines} lines about routes, of which ${churn.changedRoutes()} changed`);
  }
  const longest = lines.reduce((found, line) => (line.length > found.length ? line : found), "");
  if (Buffer.byteLength(longest) > LONGEST_LINE_BYTES) {
    problems.push(`a line of ${Buffer.byteLength(longest)} bytes: ${longest.slice(0, 300)}…`);
  }
  for (const event of ["chart.held", "source.failing", "source.blind"]) {
    const told = lines.filter((line) => line.includes(`"event":"${event}"`));
    if (told.length > 0)
      problems.push(`${told.length} × ${event} without a cause, the first: ${told[0]?.slice(0, 400)}`);
  }
  const third = Math.ceil(samples.length / 3);
  const [middle, last] = [median(samples.slice(third, 2 * third)), median(samples.slice(2 * third))];
  console.log(`memory: ${middle.toFixed(0)} MB in the second third, ${last.toFixed(0)} MB in the last (medians)`);
  if (samples.length >= 6 && last > middle * LEVEL) problems.push("memory grows");
  console.log(
    `${asked} questions; log: ${lines.length} lines, ${(log.length / 1024 / 1024).toFixed(1)} MB, the longest ${Buffer.byteLength(longest)} bytes`,
  );
  for (const problem of problems) console.log(problem);
  console.log(problems.length === 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
} finally {
  await stage.close();
}
process.exit(problems.length === 0 ? 0 : 1);
