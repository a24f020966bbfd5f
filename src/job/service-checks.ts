import type { JudgedService } from "./asked-service.ts";
import { type JobFinding, servicePlace } from "./finding.ts";
import type { JobCheck } from "./job.ts";

/** Nomad refuses what is shorter. */
const LEAST_MS = 1_000;

const TYPES = {
  consul: ["http", "tcp", "grpc", "script"],
  nomad: ["http", "tcp"],
} as const;

/** Does the service say when it is healthy, in a way that Nomad takes? */
export function judgeChecks(judged: JudgedService): readonly JobFinding[] {
  const { group, service, isAsking } = judged;
  const place = servicePlace(group, service);
  if (isAsking && service.checks.length === 0) {
    const message =
      service.provider === "nomad"
        ? "has no check: Nomad registers it before it listens, and nothing tells that it has failed"
        : "has no check: Consul counts it as healthy from the moment it is registered, before it listens, and when it has failed";
    const remedy = "add a check; only instances that pass get traffic then:";
    return [{ code: "JOB_CHECK_MISSING", severity: "warning", place, message, remedy, lines: EXAMPLE }];
  }
  return service.checks.flatMap((check, position) => {
    const message = whyInvalid(check, judged);
    if (message === undefined) return [];
    const name = check.name === "" ? `${position + 1}` : check.name;
    const finding = { code: "JOB_CHECK_INVALID", severity: "error", place: `${place}, check ${name}` } as const;
    return [
      {
        ...finding,
        message: `${message}: Nomad refuses the job`,
        remedy: "correct the check, for example:",
        lines: EXAMPLE,
      },
    ];
  });
}

const EXAMPLE = [
  "check {",
  '  type     = "http"',
  '  path     = "/health"',
  '  interval = "10s"',
  '  timeout  = "2s"',
  "}",
];

function whyInvalid(check: JobCheck, { group, service, port }: JudgedService): string | undefined {
  const { type, path, portLabel, intervalMs, timeoutMs } = check;
  const allowed: readonly string[] = TYPES[service.provider];
  if (!allowed.includes(type)) return `found the type ${JSON.stringify(type)}; allowed: ${allowed.join(", ")}`;
  if (type === "http" && path === "") return "has no path";
  if (intervalMs < LEAST_MS) return `found an interval of ${intervalMs} ms; at least 1 s is allowed`;
  if (timeoutMs < LEAST_MS) return `found a timeout of ${timeoutMs} ms; at least 1 s is allowed`;
  if (type === "script" || check.isExposed) return undefined;
  if (portLabel === "") {
    return port.kind === "none" ? "neither the check nor its service names a port" : undefined;
  }
  const labels = group.ports.map(({ label }) => label);
  if (labels.includes(portLabel) || /^[0-9]+$/.test(portLabel)) return undefined;
  return `found the port ${JSON.stringify(portLabel)}; allowed: ${labels.join(", ") || "none, since the group has no port"}`;
}
