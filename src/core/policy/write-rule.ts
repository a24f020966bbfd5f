import type { PolicyRule } from "../settings.ts";

/** A rule of a policy as one line of YAML, whom it is about first: `{ service: "web", hosts: ["a.org"] }`. */
export function writeRule(rule: PolicyRule): string {
  const { name: _, service, job, namespace, node, datacenter, backends, ...allowed } = rule;
  return writeFlow({
    service,
    job,
    namespace,
    node,
    datacenter,
    ...allowed,
    backends: backends?.map(({ text }) => text),
  });
}

/** A value as one line of YAML. Texts are quoted as in JSON, which YAML reads alike. What is undefined is left out. */
export function writeFlow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(writeFlow).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{ ${fields.map(([key, one]) => `${key}: ${writeFlow(one)}`).join(", ")} }`;
}
