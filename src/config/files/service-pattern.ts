import { z } from "zod";

/** It says more than any service at all: what is opened to `*` alone would be opened to every stranger. */
const NARROW = /[^*]/;

/** The name of a service; `*` in it stands for any characters, and alone it is refused. */
export const servicePattern = z
  .string()
  .regex(NARROW, { message: 'a name, or one with "*" for a part of it, is allowed' });

/** One such name or several; becomes a list in which each stands once. */
export const servicePatterns = z
  .union([servicePattern, z.array(servicePattern).min(1)], {
    error: "a name, or a list as in [nomad, nomad-client], is allowed",
  })
  .transform((found): readonly string[] => [...new Set([found].flat())]);

/** A service that connects to others: such a name, or `NAMESPACE/NAME`. */
export const clientPattern = z.string().transform((text, context) => {
  const [, namespace, service] = /^(?:([^*/]+)\/)?([^/]+)$/.exec(text) ?? [];
  if (service !== undefined && NARROW.test(service)) {
    return namespace === undefined ? { service } : { service, namespace };
  }
  context.issues.push({
    code: "custom",
    input: text,
    message: 'NAME or NAMESPACE/NAME of a service, the name with or without "*" for a part of it, is allowed',
  });
  return z.NEVER;
});
