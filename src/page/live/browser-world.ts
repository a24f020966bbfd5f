import { answerError } from "./answer-error.ts";
import { ReadError, type World } from "./world.ts";

/** An answer that has not come whole after so long is none. */
const ANSWER_MS = 10_000;

/** The browser the page runs in, and the daemon that it came from. */
export const browserWorld: World = {
  async read(path) {
    const response = await answered(path);
    const found = await response.json().catch(() => undefined);
    const error = answerError({ status: response.status, server: response.headers.get("server"), found });
    if (error !== undefined) throw error;
    return found;
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
