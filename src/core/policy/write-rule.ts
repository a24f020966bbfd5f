import { endpointText } from "../ports/auth-endpoint.ts";
import type { Policy, PolicyRule } from "../settings.ts";

/** A rule of a policy as one line of YAML, whom it is about first: `{ service: "web", hosts: ["a.org"] }`. */
export function writeRule(rule: PolicyRule): string {
  const { name: _, service, job, namespace, node, datacenter, backends, authEndpoints, ...allowed } = rule;
  return writeFlow({
    service,
    job,
    namespace,
    node,
    datacenter,
    ...allowed,
    backends: backends?.map(({ text }) => text),
    authEndpoints: authEndpoints?.map(endpointText),
  });
}

/** Longer lines than these would be cut in a message. */
const MOST_OF_LINES = 1_400;

/**
 * Rules as lines of a policy: the content of the file where there is none, else what comes before its other rules. Undefined
 * where they are too long for a message.
 */
export function writeRules(rules: readonly PolicyRule[], policy: Policy | undefined): string | undefined {
  const written = rules.map(writeRule);
  const text =
    policy === undefined
      ? `rules: [${[...written, "{}"].join(", ")}]`
      : written.map((rule) => `- ${rule}`).join(" and ");
  return text.length > MOST_OF_LINES ? undefined : text;
}

/** What to do with such lines. They end the text, so that they can be copied. */
export function placeOf(lines: string): string {
  const where = lines.startsWith("rules:")
    ? "name a policy file in the settings (policy: FILE) with the content"
    : "put before the other rules of the policy";
  return `${where}: ${lines}`;
}

/** A value as one line of YAML. Texts are quoted as in JSON, which YAML reads alike. What is undefined is left out. */
export function writeFlow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(writeFlow).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{ ${fields.map(([key, one]) => `${key}: ${writeFlow(one)}`).join(", ")} }`;
}
