import type { z } from "zod";

/**
 * Something that the listener of a running portolan tells as JSON: a path below `/v1`, what may be asked for, and what is
 * answered. A new one is a row in `resources/`, its answer in app/listener.ts, and often a command that prints it.
 */
export interface Resource<Query extends z.ZodObject = z.ZodObject, Answer extends z.ZodType = z.ZodType> {
  readonly path: string;
  /** What it tells, for docs/api.md: a sentence without a full stop. */
  readonly summary: string;
  /** The parameters of the request, each from its text; others are refused. Their `describe` is in docs/api.md. */
  readonly query: Query;
  readonly answer: Answer;
}

/** Gives a row its types. */
export function defineResource<Query extends z.ZodObject, Answer extends z.ZodType>(
  resource: Resource<Query, Answer>,
): Resource<Query, Answer> {
  return resource;
}
