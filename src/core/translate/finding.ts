import { DIAGNOSTIC_CODES, type Diagnostic, type DiagnosticCode, type Spot } from "../diagnostics.ts";
import type { ServiceInstance } from "../snapshot.ts";

/** What is wrong, before it is known about whom. */
export interface Finding {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly remedy: string;
  /** The raw tag to blame, where there is one. */
  readonly tag?: string;
  /** The part of the tag that is wrong. */
  readonly spot?: Spot;
}

/** Names the instance that a finding is about. */
export function diagnose(instance: ServiceInstance, { code, message, remedy, tag, spot }: Finding): Diagnostic {
  const { catalogName, service, id, node } = instance;
  return {
    code,
    severity: DIAGNOSTIC_CODES[code].severity,
    subject: {
      ...(catalogName === undefined ? {} : { catalog: catalogName }),
      service,
      instance: id,
      node,
      ...(tag === undefined ? {} : { tag }),
      ...(spot === undefined ? {} : { spot }),
    },
    message,
    remedy,
  };
}
