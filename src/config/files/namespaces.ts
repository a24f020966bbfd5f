import { z } from "zod";

/** All namespaces that a token may read. */
export const ALL_NAMESPACES = "*";

const ALLOWED = 'a namespace, a list as in [default, team], or "*" for all that the token may read, is allowed';

/** A namespace of Nomad's, several, or `*`; becomes a list in which each is named once. */
export const namespaces = z
  .union([z.string(), z.array(z.string())], { error: ALLOWED })
  .transform((found, context): readonly string[] => {
    const names = [...new Set(typeof found === "string" ? [found] : found)];
    const [only] = names;
    if (names.length === 1 && only === ALL_NAMESPACES) return names;
    if (names.length > 0 && names.every((name) => /^[A-Za-z0-9-]{1,128}$/.test(name))) return names;
    context.issues.push({ code: "custom", input: found, message: ALLOWED });
    return z.NEVER;
  });
