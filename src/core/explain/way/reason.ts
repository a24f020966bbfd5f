import type { InstanceLabel } from "../../catalog/instance-label.ts";
import type { Diagnostic } from "../../diagnostics/diagnostics.ts";
import type { Finding } from "../../diagnostics/finding.ts";
import type { Reason } from "../answer.ts";
import { stageOf } from "./stages.ts";

/** What a diagnostic says, as a reason. */
export function reasonOf(diagnostic: Diagnostic): Reason {
  const { code, message, remedy, subject } = diagnostic;
  return reasonOfFinding({ code, message, remedy, tag: subject.tag, spot: subject.spot }, labelOf(diagnostic));
}

type Found = Pick<Finding, "code" | "message" | "remedy"> & {
  readonly [field in "tag" | "spot"]?: Finding[field] | undefined;
};

/** What is wrong with a part of an instance's tags, as a reason. */
export function reasonOfFinding({ code, message, remedy, tag, spot }: Found, instance?: InstanceLabel): Reason {
  return {
    ...{ stage: stageOf(code), code, message, remedy },
    ...(tag === undefined ? {} : { tag }),
    ...(spot === undefined ? {} : { spot }),
    ...(instance === undefined ? {} : { instance }),
  };
}

/** Reasons that several instances or parts share are one, in the place of the first of them. */
export function distinct(reasons: readonly Reason[]): readonly Reason[] {
  const found = new Map<string, Reason>();
  for (const reason of reasons) {
    const key = `${reason.code} ${reason.message}`;
    if (!found.has(key)) found.set(key, reason);
  }
  return [...found.values()];
}

/** Does it take something away? A warning or a note does not, unless it says why an instance gets no traffic. */
export function isBlocking({ code, severity }: Pick<Diagnostic, "code" | "severity">): boolean {
  return severity === "error" || STOPPING.includes(code);
}

const STOPPING: readonly string[] = [
  "SERVICE_NOT_ENABLED",
  "INSTANCE_PENDING",
  "INSTANCE_UNFIT",
  "CANARY_LEFT_OUT",
  "DEFINITION_KEPT",
];

function labelOf({ subject }: Diagnostic): InstanceLabel | undefined {
  const { instance: id, node, service: _s, tag: _t, spot: _p, origin, ...where } = subject;
  return origin === undefined ? { id, node, ...where } : undefined;
}
