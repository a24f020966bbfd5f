import { isAnyPattern } from "../catalog/glob.ts";
import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { allowRemedy } from "../policy/allow.ts";
import type { ResourceKey } from "../traefik/chart/dynamic-config.ts";
import { type NamedReference, wordOf } from "../traefik/chart/references.ts";
import type { Borrowed } from "./borrowed.ts";
import { borrowedText } from "./lender.ts";

/** What is wrong with a part of a service that uses what it may not. The line that opens it ends the remedy. */
export function usesWithoutLeave(
  key: ResourceKey,
  borrowed: readonly Borrowed[],
  definer: ServiceInstance | undefined,
): Finding {
  const names = [...new Set(borrowed.map(({ reference }) => reference.name))];
  const remedy = "use what the service itself or one of its Nomad job, its allocation or its namespace defines";
  // In a line of the settings an asterisk would open more than was asked for.
  const isPlain = definer !== undefined && !isAnyPattern([definer.service, definer.namespace, ...names]);
  return {
    code: "USE_REFUSED",
    message: `${key} uses ${borrowed.map(({ reference, lender }) => borrowedText(reference, lender)).join(", and ")}`,
    ...(isPlain ? allowRemedy(`${remedy}, or have the operator open it, in`, definer, { uses: names }) : { remedy }),
  };
}

/** What is wrong with what refers to such a part: the same, in the end. */
export function refersToBorrower(key: ResourceKey, { kind, name }: NamedReference, cause: Finding): Finding {
  return {
    code: "REFERENCE_REFUSED",
    message: `${key} refers to the ${wordOf(kind)} ${JSON.stringify(name)}, which was left out: ${cause.message}`,
    remedy: cause.remedy,
  };
}
