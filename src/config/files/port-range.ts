import { z } from "zod";

const ALLOWED = 'a port or a range "FIRST-LAST" between 1 and 65535 is allowed';

/** `24563` or `20000-32000`; becomes an inclusive range. */
export const portRange = z
  .union([z.string(), z.number()], { error: ALLOWED })
  .transform((value, context) => {
    const [, firstText, lastText] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(String(value)) ?? [];
    const first = Number(firstText);
    const last = Number(lastText ?? firstText);
    if (firstText !== undefined && first >= 1 && first <= last && last <= 65_535) return { first, last };
    context.issues.push({ code: "custom", input: value, message: ALLOWED });
    return z.NEVER;
  })
  .meta({ pattern: "^\\d{1,5}(-\\d{1,5})?$", minimum: 1, maximum: 65_535 });
