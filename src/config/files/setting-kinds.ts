import { z } from "zod";
import { compileConstraints } from "../../core/traefik/constraints/compile.ts";
import { compileDefaultRule } from "../../core/translate/default-rule.ts";
import { text } from "./field-kinds.ts";
import { LISTEN_ADDRESS_ALLOWED, parseListenAddress } from "./listen-address.ts";

/** An octal mode in quotes; becomes permission bits. */
export const fileMode = z
  .string({ error: ({ input }) => modeInQuotes(input) })
  .transform((text, context) => {
    if (/^0?[0-7]{3}$/.test(text)) return Number.parseInt(text, 8);
    context.issues.push({
      code: "custom",
      input: text,
      message: 'an octal file mode in quotes such as "0640" is allowed',
    });
    return z.NEVER;
  })
  .meta({ pattern: "^0?[0-7]{3}$" });

/** YAML reads 640 and 0640 as the decimal number, and 0o640 as 416. */
function modeInQuotes(found: unknown): string | undefined {
  if (typeof found !== "number" || !Number.isInteger(found) || found < 0) return undefined;
  const meant = [String(found), found.toString(8)].filter((digits) => /^[0-7]{3}$/.test(digits));
  if (meant.length === 0) return undefined;
  return `an octal file mode in quotes is allowed: ${meant.map((digits) => `"0${digits}"`).join(" or ")}`;
}

/** `HOST:PORT`; becomes host and port. */
export const listenAddress = z
  .string()
  .transform((text, context) => {
    const address = parseListenAddress(text);
    if (address !== undefined) return address;
    context.issues.push({ code: "custom", input: text, message: LISTEN_ADDRESS_ALLOWED });
    return z.NEVER;
  })
  .meta({ pattern: "^(\\[[^\\]]+\\]|[^:]*):\\d{1,5}$", samples: ["127.0.0.1:9532", ":9533"] });

/** A path of a file that Traefik's file provider reads. */
export const chartName = z
  .string()
  .refine((path) => /\.ya?ml$/i.test(path), {
    message: "a file name that ends in .yml or .yaml is allowed, since Traefik's file provider reads no other",
  })
  .meta({ pattern: "\\.[yY][aA]?[mM][lL]$" });

/** Traefik's constraint expression; becomes a function of an instance's tags. */
export const constraints = z.string().transform((expression, context) => {
  const compiled = compileConstraints(expression);
  if (compiled.kind === "compiled") {
    return Object.assign((tags: readonly string[]) => compiled.matches(tags), { expression });
  }
  context.issues.push({ code: "custom", input: expression, message: compiled.message });
  return z.NEVER;
});

/** The template of a router's rule; becomes the function that renders it. */
export const defaultRule = z.string().transform((template, context) => {
  const compiled = compileDefaultRule(template);
  if (compiled.kind === "compiled") return compiled.render;
  context.issues.push({ code: "custom", input: template, message: compiled.message });
  return z.NEVER;
});

/** A middleware that stands before those of services: none that services may define. */
const ownMiddleware = text.refine((name) => !/@(?:consulcatalog|nomad)(?:-[^@]*)?$/.test(name), {
  message: "a middleware of yours is allowed: `auth` of a snippet, or `auth@file`; services define those of a catalog",
});

/** Entry point, or `*` for any → middlewares in the order in which a request passes them. */
export const defaultMiddlewares = z.record(text, z.array(ownMiddleware));
