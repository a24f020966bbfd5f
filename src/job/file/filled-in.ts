import type { Group, Job, JobService } from "../job.ts";

/** A text after what stands in `${…}` has been filled in. */
export interface FilledIn {
  readonly text: string;
  /** What only a node, or Nomad at the time, knows: names stand there. */
  readonly assumed: readonly string[];
}

/**
 * Fills in what Nomad fills in in names and tags of services: what the job itself says is known, as its names and metadata,
 * and the ports; of the rest, as `${node.unique.name}`, a word stands there that is good for a host.
 */
export function fillIn(text: string, known: ReadonlyMap<string, string>): FilledIn {
  const assumed: string[] = [];
  const filled = text.replaceAll(REFERENCE, (_, name: string) => {
    const value = known.get(name.trim());
    if (value !== undefined) return value;
    assumed.push(name.trim());
    return (
      name
        .trim()
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, "-")
        .replaceAll(/^-|-$/g, "")
        .slice(0, MOST_OF_WORD) || "x"
    );
  });
  return { text: filled, assumed };
}

const REFERENCE = /\$\{([^{}]*)\}/g;
const MOST_OF_WORD = 40;

/** What the job says of itself, by the names under which Nomad knows it. */
export function knownTexts(
  job: Job,
  group: Group,
  { task }: JobService,
  ports: ReadonlyMap<string, number>,
): ReadonlyMap<string, string> {
  const taskName = task ?? group.name;
  const metas = Object.entries({ ...job.meta, ...group.meta }).flatMap(([key, value]) => {
    const name = key.replaceAll(/[^A-Za-z0-9_]/g, "_");
    return [`NOMAD_META_${name}`, `NOMAD_META_${name.toUpperCase()}`].map((one) => [one, value] as const);
  });
  const numbers = [...ports].flatMap(([label, port]) =>
    ["NOMAD_PORT", "NOMAD_HOST_PORT"].map((name) => [`${name}_${label}`, String(port)] as const),
  );
  const names = {
    ...{ NOMAD_JOB_ID: job.id, NOMAD_JOB_NAME: job.id, NOMAD_NAMESPACE: job.namespace },
    ...{ NOMAD_GROUP_NAME: group.name, NOMAD_TASK_NAME: taskName, NOMAD_ALLOC_INDEX: "0" },
    ...{ JOB: job.id, TASKGROUP: group.name, TASK: taskName, BASE: `${job.id}-${group.name}-${taskName}` },
  };
  return new Map([...metas, ...numbers, ...Object.entries(names)]);
}
