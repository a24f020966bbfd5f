import type { z } from "zod";
import { AppError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import type { Resource } from "./resource.ts";

/** A resource with what answers it. */
export interface ServedResource {
  readonly path: string;
  /** The answer as plain data. Throws AppError (E_API_QUERY) where the query has another form, and what the answer throws. */
  answer(query: URLSearchParams): Promise<unknown>;
  /** Of which the answers are made now: the same objects make the same answers. Absent: each answer is made anew. */
  madeOf?(): readonly object[];
}

/** Joins a resource to what answers it: a query of another form is refused before `tell` is called. */
export function serving<Query extends z.ZodObject, Answer extends z.ZodType>(
  { path, query }: Resource<Query, Answer>,
  tell: (query: z.output<Query>) => z.input<Answer> | Promise<z.input<Answer>>,
  madeOf?: () => readonly object[],
): ServedResource {
  const known = Object.keys(query.shape);
  return {
    path,
    ...(madeOf && { madeOf }),
    async answer(parameters) {
      return await tell(parsed(path, query, known, parameters));
    },
  };
}

function parsed<Query extends z.ZodObject>(
  path: string,
  query: Query,
  known: readonly string[],
  parameters: URLSearchParams,
): z.output<Query> {
  for (const name of new Set(parameters.keys())) {
    if (!known.includes(name)) throw unknownParameter(path, name, known);
    if (parameters.getAll(name).length > 1) throw badQuery(`${path}: found ${name} twice; it is allowed once`);
  }
  const result = query.safeParse(Object.fromEntries(parameters));
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path: [name = ""], message }) => {
    const found = parameters.get(String(name));
    return `${String(name)}: found ${found === null ? "nothing" : shown(found)}; ${message}`;
  });
  throw badQuery(`${path}: ${problems.join("; ")}`);
}

function unknownParameter(path: string, name: string, known: readonly string[]): AppError {
  const meant = nearest(name, known);
  const allowed = known.length === 0 ? "no parameter is allowed" : `allowed: ${known.join(", ")}`;
  return badQuery(
    `${path}: found the parameter ${shown(name)}; ${allowed}${meant === undefined ? "" : `; did you mean ${meant}?`}`,
  );
}

const MOST_SHOWN = 80;

function shown(text: string): string {
  return JSON.stringify(text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text);
}

function badQuery(message: string): AppError {
  return new AppError(message, { code: "E_API_QUERY", retryable: false });
}
