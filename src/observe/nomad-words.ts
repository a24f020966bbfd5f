import type { NomadTask } from "../core/catalog/nomad-task.ts";
import { cutToBytes } from "./log/text-size.ts";

/** Of each name, in a line. */
const MOST_OF_NAME = 40;

/**
 * Where in Nomad an instance runs, to stand behind its node: ` (job shop, group app, alloc d5dee5cb)`. What only the id of its
 * service says, which any client of Consul may write, is told as that: ` (id says group app, alloc d5dee5cb)`. Nothing where it
 * is none of Nomad's.
 */
export function nomadWords(task: Partial<NomadTask>): string {
  const { jobNamespace, job, group, task: name, allocation, toldBy } = task;
  if (allocation === undefined) return "";
  if (toldBy === "refuted") return ` (id says alloc ${allocation}, which Nomad has elsewhere)`;
  const ofJob = jobNamespace === undefined ? job : `${jobNamespace}/${job}`;
  const names = Object.entries({ job: ofJob, group, task: name })
    .filter(([, value]) => value !== undefined)
    .map(([what, value]) => `${what} ${quoted(cutToBytes(String(value), MOST_OF_NAME))}`);
  return ` (${toldBy === "nomad" ? "" : "id says "}${[...names, `alloc ${allocation}`].join(", ")})`;
}

/** A name may be any text, another line's words among them. */
function quoted(name: string): string {
  return /^[\w.@/:-]+$/.test(name) ? name : JSON.stringify(name);
}
