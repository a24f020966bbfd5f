import { answererOf, isRefusal } from "../../api/refusal.ts";
import { ReadError, type World } from "./world.ts";

/** An answer that has not come whole after so long is none. */
const ANSWER_MS = 10_000;

/** The browser the page runs in, and the daemon that it came from. */
export const browserWorld: World = {
  async read(path) {
    const response = await answered(path);
    if (answererOf(response.headers.get("server") ?? undefined) === "other-version") {
      throw new ReadError("changed", "the portolan that answers is of another version than this page");
    }
    if (!response.ok) throw await refusal(response);
    try {
      return await response.json();
    } catch {
      throw new ReadError("away", "the answer was cut, or is no JSON");
    }
  },
  listen(path, hears) {
    const stream = new EventSource(path);
    const take = ({ type, data, lastEventId }: MessageEvent<string>) => hears.told(type, data, lastEventId);
    stream.addEventListener("open", () => hears.opened());
    // The browser would try again for ever at one pace, and not after every kind of end: the store does it.
    stream.addEventListener("error", () => hears.ended());
    for (const event of ["status", "routes", "change", "missed"]) stream.addEventListener(event, take);
    return () => stream.close();
  },
  nowMs: () => Date.now(),
  after(waitMs, then) {
    const timer = setTimeout(then, waitMs);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

async function answered(path: string): Promise<Response> {
  try {
    return await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) });
  } catch {
    throw new ReadError("away", "the daemon does not answer");
  }
}

async function refusal(response: Response): Promise<ReadError> {
  const found: unknown = await response.json().catch(() => undefined);
  // What is no portolan stands in between, and says so of itself or that there is none behind it.
  const isAway = !isRefusal(found) && answererOf(response.headers.get("server") ?? undefined) === "other-program";
  return new ReadError(
    isAway ? "away" : "refused",
    isRefusal(found) ? found.message : `the answer has the status ${response.status}`,
  );
}
