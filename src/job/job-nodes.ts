import type { Group, Job } from "./job.ts";

const BY_NAME = /^\$\{(?:node\.unique\.name|attr\.unique\.hostname)\}$/;
const IS_ONE = ["=", "==", "is"];

/** The nodes on which the group may be placed, where constraints of the job name them; undefined where none does. */
export function namedNodes(job: Job, group: Group): readonly string[] | undefined {
  const named = constraintsOf(job, group).flatMap(({ left, operand, right }): readonly (readonly string[])[] => {
    if (!BY_NAME.test(left)) return [];
    if (IS_ONE.includes(operand)) return [[right]];
    return operand === "set_contains_any" ? [right.split(",").map((name) => name.trim())] : [];
  });
  const [first, ...others] = named;
  return first?.filter((node) => others.every((names) => names.includes(node)));
}

/** Does it say anything of the nodes that it may be placed on? What Nomad adds itself, of its client's versions, does not count. */
export function isConstrained(job: Job, group: Group): boolean {
  return constraintsOf(job, group).some(({ left }) => /^\$\{(?:node|meta|attr\.unique|device)\./.test(left));
}

function constraintsOf(job: Job, group: Group): Job["constraints"] {
  return [...job.constraints, ...group.constraints];
}

/** The lines by which a group is placed on these nodes alone. */
export function placedOn(nodes: readonly string[]): readonly string[] {
  const [only] = nodes;
  const isOne = nodes.length === 1 && only !== undefined;
  return [
    "constraint {",
    `  attribute = "\${node.unique.name}"`,
    ...(isOne ? [] : ['  operator  = "set_contains_any"']),
    `  value     = ${JSON.stringify(isOne ? only : nodes.join(","))}`,
    "}",
  ];
}
