import { edgeCore } from "../../src/app/edges/edge-core.ts";
import { registered } from "../../src/cli/commands/check/instances/stand-in.ts";
import { coreSettings } from "../../src/config/resolve/core-settings.ts";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { NO_OPERATOR_CONFIG } from "../../src/core/operator-config/operator-config.ts";
import { decodeJob } from "../../src/job/file/decode-job.ts";
import { type JobJudge, type JudgedJob, judgeJob } from "../../src/job/judge-job.ts";
import { ledger as ledgerOf } from "../builders/ledger.ts";
import { policyOf } from "../builders/printed-policy.ts";
import { allSettings, snapshot } from "../builders/world.ts";

export interface JudgedBeside extends Partial<Pick<JobJudge, "charted" | "clients" | "acls">> {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** As their files have them. */
  readonly policy?: object;
  readonly ledger?: object;
  readonly live?: readonly ServiceInstance[];
}

/** What is said of a job as Nomad's API has it. */
export function judged(job: unknown, { settings, policy, ledger, live = [], ...judge }: JudgedBeside = {}): JudgedJob {
  const decoded = decodeJob(job, "");
  if (decoded.kind === "refused") throw new Error(JSON.stringify(decoded.problems));
  const whole = {
    ...allSettings({ traefik: { defaultRule: "Host(`{{ normalize .Name }}.lab.local`)" }, ...settings }),
    ...(policy === undefined ? {} : { loadedPolicy: policyOf(policy) }),
    ...(ledger === undefined ? {} : { loadedLedger: ledgerOf(ledger) }),
  };
  const core = coreSettings(whole);
  return judgeJob(decoded.job, {
    settings: core,
    edges: whole.edges.map((edge) => edgeCore(edge, () => core)()),
    operatorConfig: NO_OPERATOR_CONFIG,
    snapshots: live.length === 0 ? [] : [snapshot(live)],
    charted: undefined,
    clients: [],
    acls: "on",
    register: (catalog, stated) => registered({ settings: whole, catalog }, stated),
    ...judge,
  });
}

/** `severity CODE place` of each finding. */
export function told({ findings }: JudgedJob): readonly string[] {
  return findings.map(({ severity, code, place }) => `${severity} ${code} ${place}`);
}
