import { answererOf, isRefusal } from "../../api/refusal.ts";
import { ReadError } from "./world.ts";

/**
 * Why an answer cannot be had; undefined where it can.
 * @param server the header by which portolan shows itself; null where there is none
 * @param found what the answer says; undefined where that is no JSON
 */
export function answerError({
  status,
  server,
  found,
}: {
  readonly status: number;
  readonly server: string | null;
  readonly found: unknown;
}): ReadError | undefined {
  const answerer = answererOf(server ?? undefined);
  if (answerer === "other-version") {
    return new ReadError("changed", "the portolan that answers is of another version than this page");
  }
  if (status >= 200 && status < 300) {
    return found === undefined ? new ReadError("away", "the answer was cut, or is no JSON") : undefined;
  }
  if (isRefusal(found)) return new ReadError("refused", found.message);
  // What is no portolan stands in between, and says so of itself or that there is none behind it.
  return new ReadError(answerer === "other-program" ? "away" : "refused", `the answer has the status ${status}`);
}
