import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Finding } from "../diagnostics/finding.ts";

/** A gateway with a hundred hosts comes to a few hundred tags. */
const MAX_TAGS = 1_000;
/** Characters of tags, names, metadata and checks together. The longest list of users that was seen took a tenth of it. */
const MAX_CHARACTERS = 256 * 1024;

/**
 * Why a registration is larger than one instance may be, if it is: the right to register one service must not be enough
 * to fill the chart and keep every pass busy. The bounds are far beyond what is written by hand; no setting changes them.
 */
export function sizeFinding(instance: ServiceInstance): Finding | undefined {
  const { tags } = instance;
  if (tags.length > MAX_TAGS) {
    return tooLarge(
      `has ${tags.length} tags, at most ${MAX_TAGS} are allowed`,
      "spread its routers over several services",
    );
  }
  const characters = charactersOf(instance);
  if (characters <= MAX_CHARACTERS) return undefined;
  return tooLarge(
    `takes ${characters} characters with its tags, names, metadata and checks, at most ${MAX_CHARACTERS} are allowed`,
    "shorten the longest of them, or spread the routers over several services",
  );
}

function tooLarge(found: string, remedy: string): Finding {
  return { code: "REGISTRATION_TOO_LARGE", message: `the registration ${found}`, remedy };
}

function charactersOf({ service, id, node, tags, meta, checks }: ServiceInstance): number {
  let sum = service.length + id.length + node.length;
  for (const tag of tags) sum += tag.length;
  for (const [key, value] of Object.entries(meta)) sum += key.length + value.length;
  for (const check of checks) sum += check.id.length + check.name.length;
  return sum;
}
