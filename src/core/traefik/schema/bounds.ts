import type { Marks } from "./schema.ts";

/*
 * What is small in a tag and large in Traefik, one row for each kind of field. The bounds are far beyond what is written by
 * hand; they count for tags, never for the operator's own files. What costs memory for each router that leads to it, and not
 * by one value, is weighed in `traefik/weight`.
 */

/** As often as an orchestrator's own checks may run; 0 and less is Traefik's default of 30 s. */
export const CHECK_INTERVAL = bounded({
  least: 1_000,
  because: "asks the server all the time",
});

/** Traefik makes them one after the other for one and the same request. */
export const ATTEMPTS = bounded({
  most: 100,
  because: "asks so often for each single request",
});

/** Held in memory for each request that is under way; beyond that Traefik uses files. */
export const HELD_IN_MEMORY = bounded({
  most: 16 * 1024 * 1024,
  because: "holds so much in memory for each request",
});

/** Read into memory as a whole before the request goes on; less than 0 is without limit. */
export const READ_INTO_MEMORY = bounded({
  least: 0,
  most: 16 * 1024 * 1024,
  because: "reads so much into memory for each request, and without limit below 0",
});

/** Held in memory for each answer until it is known to be worth compressing. */
export const HELD_BEFORE_COMPRESSING = bounded({
  most: 1024 * 1024,
  because: "holds so much of each answer in memory",
});

/** With less than none Traefik's Redis client panics while routers are built, and no further configuration counts. */
export const CONNECTIONS = bounded({
  least: 0,
  most: 100,
  because:
    "opens so many connections, for each router that uses it, and takes in no file any more where they are fewer than 0",
});

/** Each failure is noted with its time until so many have come. */
export const FAILURES = bounded({
  most: 10_000,
  because: "notes so many failures for each server",
});

/** Each is a certificate that is asked for; a certificate authority puts at most 100 names into one. */
export const DOMAINS = bounded({
  most: 100,
  because: "asks for so many certificates",
});
export const NAMES_OF_CERTIFICATE = bounded({
  most: 100,
  because: "asks for a certificate that no authority gives",
});

/** 14 takes about a second of processor time for each request with a password, each more twice as much; 31 takes days. */
export const HASH_COST = bounded({
  mostHashCost: 14,
  because: "computes it for each request that brings a password, and cannot stop in between",
});

function bounded(bounds: NonNullable<Marks["bounds"]>): Pick<Marks, "bounds"> {
  return { bounds };
}
