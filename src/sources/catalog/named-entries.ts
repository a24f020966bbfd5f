import { z } from "zod";

/**
 * A JSON object as a map. A service may be registered under any name: `__proto__` is a name like any other,
 * and would be lost in a plain object.
 */
export function namedEntries<T extends z.ZodType>(entry: T) {
  return z.preprocess(
    (found) =>
      typeof found === "object" && found !== null && !Array.isArray(found) ? new Map(Object.entries(found)) : found,
    z.map(z.string(), entry),
  );
}
