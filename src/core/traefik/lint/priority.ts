import { type LintCheck, titleOf, valueAt } from "./subject.ts";

/** Traefik keeps the thousand greatest 64-bit integers for its own routers. */
const MAX_PRIORITY = 2n ** 63n - 1n - 1000n;

/** Traefik disables a router that claims one of the reserved priorities. */
export const checkPriority: LintCheck = (subject) => {
  const priority = String(valueAt(subject.object, "priority") ?? "");
  if (!/^[+-]?[0-9]+$/.test(priority) || BigInt(priority.replace("+", "")) <= MAX_PRIORITY) return [];
  return [
    {
      code: "PRIORITY_OUT_OF_RANGE",
      message: `${titleOf(subject)} has priority ${priority}, but the greatest one allowed is ${MAX_PRIORITY}`,
      remedy: "lower the priority",
    },
  ];
};
