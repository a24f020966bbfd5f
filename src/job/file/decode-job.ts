import { z } from "zod";
import { allowedInstead, describeValue, valueAt } from "../../config/files/schema-problem.ts";
import { parseDuration } from "../../go/duration.ts";
import type { Constraint, Group, Identity, Job, JobPort, JobService, Task, Texts, Update } from "../job.ts";

export type DecodedJob =
  | { readonly kind: "decoded"; readonly job: Job }
  | { readonly kind: "refused"; readonly problems: readonly { readonly place: string; readonly message: string }[] };

/** So many mistakes are told: a file that is no job may have one in each line. */
const MOST_PROBLEMS = 20;

/**
 * Reads a job as Nomad's API has it. Null, missing and empty are the same there: `nomad job run -output` writes what the file
 * does not say as null, and `nomad job inspect` with its default.
 *
 * @param place of the job in the file: `Job`, or empty
 */
export function decodeJob(value: unknown, place: string): DecodedJob {
  const parsed = job.safeParse(value);
  if (parsed.success) return { kind: "decoded", job: jobOf(parsed.data) };
  const problems = parsed.error.issues.slice(0, MOST_PROBLEMS).map((issue) => {
    const path = issue.path.map(String);
    const found = valueAt(value, path);
    const message = `found ${describeValue(found)}; ${allowedInstead(issue, found)}`;
    return { place: [place, ...path].filter((part) => part !== "").join("."), message };
  });
  return { kind: "refused", problems };
}

const text = z.string().nullish();
const whole = z.number().int().nullish();
const port = z.number().int().min(0).max(65_535).nullish();
const yes = z.boolean().nullish();
const texts = z.record(z.string(), z.string()).nullish();
/** Nanoseconds, or as a person writes it. */
const duration = z.union([z.number(), z.string().refine((one) => parseDuration(one) !== undefined)]).nullish();

function listOf<Item extends z.ZodType>(item: Item) {
  return z.array(item).nullish();
}

const constraint = z.object({ LTarget: text, RTarget: text, Operand: text });
const update = z.object({ MaxParallel: whole, Canary: whole }).nullish();
const identity = z.object({ Name: text, Audience: listOf(z.string()) });
const portAsked = z.object({ Label: z.string(), Value: port, To: whole, HostNetwork: text });
const network = z.object({ ReservedPorts: listOf(portAsked), DynamicPorts: listOf(portAsked) });

const service = z.object({
  Name: text,
  Provider: z.enum(["", "consul", "nomad"]).nullish(),
  Tags: listOf(z.string()),
  CanaryTags: listOf(z.string()),
  PortLabel: text,
  AddressMode: text,
  Address: text,
  Meta: texts,
  Identity: identity.nullish(),
  Connect: z.object({ Native: yes, SidecarService: z.unknown().optional(), Gateway: z.unknown().optional() }).nullish(),
  Checks: listOf(
    z.object({
      Name: text,
      Type: text,
      Path: text,
      PortLabel: text,
      Interval: duration,
      Timeout: duration,
      Expose: yes,
    }),
  ),
});

const task = z.object({
  Name: z.string().min(1),
  Services: listOf(service),
  Identities: listOf(identity),
  ShutdownDelay: duration,
  Constraints: listOf(constraint),
  Resources: z.object({ Networks: listOf(network) }).nullish(),
});

const group = z.object({
  Name: z.string().min(1),
  Count: z.number().int().min(0).nullish(),
  Meta: texts,
  Constraints: listOf(constraint),
  Networks: listOf(network),
  Services: listOf(service),
  Tasks: listOf(task),
  ShutdownDelay: duration,
  Update: update,
  Consul: z.object({ Namespace: text }).nullish(),
});

const job = z.object({
  ID: z.string().min(1),
  Type: text,
  Namespace: text,
  Stop: yes,
  Periodic: z.unknown().optional(),
  ParameterizedJob: z.unknown().optional(),
  Meta: texts,
  Constraints: listOf(constraint),
  Update: update,
  TaskGroups: z.array(group).min(1),
});

function jobOf(found: z.infer<typeof job>): Job {
  const { ID, Type, Namespace, Stop, Periodic, ParameterizedJob, Meta, Constraints, Update, TaskGroups } = found;
  const runs = ParameterizedJob ? "when dispatched" : Periodic ? "at its times" : undefined;
  return {
    id: ID,
    type: Type || "service",
    namespace: Namespace || "default",
    isStopped: Stop ?? false,
    ...(runs === undefined ? {} : { runs }),
    meta: Meta ?? NO_TEXTS,
    constraints: constraintsOf(Constraints),
    groups: TaskGroups.map((one) => groupOf(ID, one, Update)),
  };
}

const NO_TEXTS: Texts = {};

function groupOf(jobId: string, found: z.infer<typeof group>, ofJob: z.infer<typeof update>): Group {
  const { Name, Count, Meta, Constraints, Networks, Services, Tasks, ShutdownDelay, Update, Consul } = found;
  const tasks = Tasks ?? [];
  return {
    name: Name,
    count: Count ?? 1,
    meta: Meta ?? NO_TEXTS,
    constraints: constraintsOf(Constraints, ...tasks.map((one) => one.Constraints)),
    ports: [
      ...portsOf(Networks),
      ...tasks.flatMap((one) => portsOf(one.Resources?.Networks).map((port) => ({ ...port, task: one.Name }))),
    ],
    services: [
      ...(Services ?? []).map((one) => serviceOf(one, `${jobId}-${Name}`)),
      ...tasks.flatMap((one) =>
        (one.Services ?? []).map((each) => ({ ...serviceOf(each, `${jobId}-${Name}-${one.Name}`), task: one.Name })),
      ),
    ],
    tasks: tasks.map(taskOf),
    shutdownDelayMs: milliseconds(ShutdownDelay),
    update: updateOf(Update, ofJob),
    consulNamespace: Consul?.Namespace ?? "",
  };
}

function taskOf({ Name, ShutdownDelay, Identities }: z.infer<typeof task>): Task {
  return { name: Name, shutdownDelayMs: milliseconds(ShutdownDelay), identities: (Identities ?? []).map(identityOf) };
}

/** Nomad merges the group's and the job's field by field; its own default is one at a time. */
function updateOf(ofGroup: z.infer<typeof update>, ofJob: z.infer<typeof update>): Update {
  return {
    maxParallel: ofGroup?.MaxParallel ?? ofJob?.MaxParallel ?? 1,
    canary: ofGroup?.Canary ?? ofJob?.Canary ?? 0,
  };
}

/** One with a value is static in whichever list it is. */
function portsOf(networks: z.infer<typeof network>[] | null | undefined): readonly JobPort[] {
  return (networks ?? []).flatMap(({ ReservedPorts, DynamicPorts }) =>
    [...(ReservedPorts ?? []), ...(DynamicPorts ?? [])].map(({ Label, Value, To, HostNetwork }) => ({
      label: Label,
      ...(Value ? { static: Value } : {}),
      to: To ?? 0,
      hostNetwork: HostNetwork === "default" ? "" : (HostNetwork ?? ""),
    })),
  );
}

/** @param nameless what Nomad calls a service without a name */
function serviceOf(found: z.infer<typeof service>, nameless: string): JobService {
  const { Name, Provider, Tags, CanaryTags, PortLabel, AddressMode, Address, Meta, Checks, Identity, Connect } = found;
  const mesh = Connect?.SidecarService
    ? "sidecar"
    : Connect?.Gateway
      ? "gateway"
      : Connect?.Native
        ? "native"
        : undefined;
  return {
    name: Name || nameless,
    provider: Provider || "consul",
    tags: Tags ?? [],
    canaryTags: CanaryTags ?? [],
    portLabel: PortLabel ?? "",
    addressMode: AddressMode || "auto",
    address: Address ?? "",
    meta: Meta ?? NO_TEXTS,
    checks: (Checks ?? []).map(({ Name, Type, Path, PortLabel, Interval, Timeout, Expose }) => ({
      name: Name ?? "",
      // As Nomad does: it takes HTTP and Script as well.
      type: (Type ?? "").toLowerCase(),
      path: Path ?? "",
      portLabel: PortLabel ?? "",
      intervalMs: milliseconds(Interval),
      timeoutMs: milliseconds(Timeout),
      isExposed: Expose ?? false,
    })),
    ...(Identity ? { identity: identityOf(Identity) } : {}),
    ...(mesh === undefined ? {} : { mesh }),
  };
}

function identityOf({ Name, Audience }: z.infer<typeof identity>): Identity {
  return { name: Name ?? "", audience: Audience ?? [] };
}

function constraintsOf(...lists: readonly (z.infer<typeof constraint>[] | null | undefined)[]): readonly Constraint[] {
  return lists.flatMap((list) =>
    (list ?? []).map(({ LTarget, Operand, RTarget }) => ({
      left: LTarget ?? "",
      operand: Operand || "=",
      right: RTarget ?? "",
    })),
  );
}

function milliseconds(found: z.infer<typeof duration>): number {
  return Number(typeof found === "string" ? (parseDuration(found) ?? 0n) : (found ?? 0)) / 1e6;
}
