import { z } from "zod";
import { parseAuthEndpoint } from "../../core/ports/auth-endpoint.ts";
import { parseDuration } from "../../go/duration.ts";

/** Numbers with a unit, one after the other, as published; the parser knows the rest. */
const DURATION_PATTERN = "^[+-]?(0|([0-9]*\\.?[0-9]*(ns|us|µs|μs|ms|s|m|h))+)$";

/**
 * A duration as text with a unit, as Go and Traefik write it; becomes milliseconds.
 *
 * @param fallback the default, written the same way
 */
export function durationMs(fallback: string) {
  return z
    .string({
      error: ({ input }) =>
        typeof input === "number" && input >= 0
          ? `a duration with its unit is allowed: "${input}s" for ${input} seconds`
          : undefined,
    })
    .transform((text, context) => {
      const ns = parseDuration(text);
      if (ns !== undefined && ns >= 0n) return Number(ns / 1_000_000n);
      context.issues.push({
        code: "custom",
        input: text,
        message: 'a duration such as "100ms", "10s" or "5m" is allowed',
      });
      return z.NEVER;
    })
    .meta({ pattern: DURATION_PATTERN, samples: ["100ms", "10s", "5m"] })
    .prefault(fallback);
}

/**
 * An HTTP API: a URL, for which `http://` may be left out, or `unix://` and a socket's path.
 *
 * @param instead where that goes which an address must not have
 */
export function addressWithout(instead: string) {
  return z.string().transform((text, context) => {
    if (text.startsWith("unix:///")) return text;
    const url = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
    const parsed = /^https?:\/\/[^\s/]/i.test(url) ? URL.parse(url) : null;
    const isBare = parsed !== null && parsed.username + parsed.password + parsed.search + parsed.hash === "";
    if (isBare) return url;
    const message =
      parsed === null
        ? "http://HOST:PORT, https://HOST:PORT or unix:///PATH is allowed"
        : `an address without user, password and query is allowed: they would not be sent; ${instead}`;
    context.issues.push({ code: "custom", input: text, message });
    return z.NEVER;
  });
}

/** A catalog's HTTP API. */
export const address = addressWithout("a token goes into token or tokenFile");

/** A web interface for people: a URL, under which it may have a path of its own; becomes one without a slash at the end. */
export const webAddress = z.string().transform((text, context) => {
  const url = /^https?:\/\/[^\s/]/i.test(text) ? URL.parse(text) : null;
  if (url !== null && url.username + url.password + url.search + url.hash === "") return url.href.replace(/\/+$/, "");
  context.issues.push({
    code: "custom",
    input: text,
    message: "https://HOST or http://HOST:PORT is allowed, with a path or without, and without user and query",
  });
  return z.NEVER;
});

/** A server that middlewares may ask for authentication: a URL without a path, or HOST:PORT; becomes host and port. */
export const authEndpoint = z.string().transform((text, context) => {
  const endpoint = parseAuthEndpoint(text);
  if (endpoint !== undefined) return endpoint;
  context.issues.push({
    code: "custom",
    input: text,
    message: "https://HOST, http://HOST:PORT or HOST:PORT is allowed, without user, path and query",
  });
  return z.NEVER;
});

/** A name for logs, labels and file names. */
export const shortName = z
  .string()
  .regex(/^[a-z0-9-]+$/, { message: "lower-case letters, digits and hyphens are allowed" });

/**
 * Refuses a list in which two items have the same value in a field.
 *
 * @param item what messages call an item
 */
export function unique<Field extends string>(field: Field, item: string) {
  return (items: readonly Readonly<Record<Field, unknown>>[], context: z.RefinementCtx): void => {
    for (const [position, one] of items.entries()) {
      if (items.findIndex((other) => other[field] === one[field]) === position) continue;
      context.addIssue({
        code: "custom",
        input: one[field],
        path: [position, field],
        message: `a ${field} that no other ${item} has is allowed`,
      });
    }
  };
}

/** Any text but the empty one. */
export const text = z.string().min(1, { message: "some text is allowed, not nothing" });
