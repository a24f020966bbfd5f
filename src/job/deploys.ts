import type { JudgedService } from "./asked-service.ts";
import { groupPlace, type JobFinding, servicePlace } from "./finding.ts";
import type { Group, Job } from "./job.ts";

/** Shorter than this, Traefik may not know yet that an instance leaves: its own pause, and a pass. docs/nomad.md adds it up. */
const LEAST_DELAY_MS = 2_000;

/** Are requests answered while a version takes the place of another one, or an instance is stopped? */
export function judgeDeploys(job: Job, services: readonly JudgedService[]): readonly JobFinding[] {
  const asking = services.filter(({ isAsking }) => isAsking);
  const groups = job.groups.filter((group) => asking.some((one) => one.group === group));
  return [
    ...asking.flatMap(judgeDelay),
    ...(job.type === "service" && job.runs === undefined ? groups.flatMap(judgeGap) : []),
  ];
}

function judgeDelay({ group, service }: JudgedService): readonly JobFinding[] {
  const task = group.tasks.find(({ name }) => name === service.task);
  const delayMs = task === undefined ? group.shutdownDelayMs : Math.max(task.shutdownDelayMs, group.shutdownDelayMs);
  if (delayMs >= LEAST_DELAY_MS) return [];
  const found = delayMs === 0 ? "has no shutdown_delay" : `has a shutdown_delay of ${delayMs} ms`;
  return [
    {
      code: "JOB_SHUTDOWN_DELAY",
      severity: "warning",
      place: servicePlace(group, service),
      message: `${found}: until Traefik knows that an instance leaves, requests go to one that is stopped, and are answered with 502`,
      remedy: `in the ${task === undefined ? "group" : `task ${task.name}`}:`,
      lines: ['shutdown_delay = "5s"'],
    },
  ];
}

function judgeGap(group: Group): readonly JobFinding[] {
  const { count, update } = group;
  const isAtOnce = update.maxParallel === 0 || update.maxParallel >= count;
  // Two allocations with one static port are on no node together.
  if (update.canary > 0 || !isAtOnce || count === 0 || group.ports.some((port) => port.static !== undefined)) return [];
  const message =
    count === 1
      ? "has one instance, which Nomad stops before the next version starts: a deployment is answered with 503 until that is healthy"
      : `replaces its ${count} at once: a deployment is answered with 503 until one is healthy`;
  const lines =
    count === 1
      ? ["update {", "  canary       = 1", "  auto_promote = true", "}"]
      : ["update {", "  max_parallel = 1", "}"];
  const remedy = `${count === 1 ? "start the next one first" : "replace one after the other"}, in the group or the job:`;
  const severity = count === 1 ? "info" : "warning";
  return [{ code: "JOB_DEPLOY_GAP", severity, place: groupPlace(group), message, remedy, lines }];
}
