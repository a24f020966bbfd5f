import { z } from "zod";

/** No name of a host, service or router that is asked for is longer. */
const MOST_OF_NAME = 1_000;

/** A name to look for. */
export const name = z
  .string()
  .min(1, "a name is allowed")
  .max(MOST_OF_NAME, `up to ${MOST_OF_NAME} characters are allowed`);

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: () => `${words.join(", ")} are allowed` });
}

/** A number from 1 to `most`, as it stands in a URL. */
export function numberUpTo(most: number) {
  const message = `a number from 1 to ${most} is allowed`;
  return z.coerce.number({ error: message }).int(message).min(1, message).max(most, message);
}

/** Of a list that is given in pages: how many, and behind which. */
export const PAGE = {
  limit: numberUpTo(5_000).default(100).describe("how many of them at most"),
  after: name.exactOptional().describe("those behind this one: `next` of the page before"),
};

/** What a page says of the whole list. */
export const PAGED = {
  total: z.number().describe("how many there are in all pages"),
  next: z.string().nullable().describe("`after` of the next page, where there is one"),
};
