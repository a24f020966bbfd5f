import { createDeferred } from "../../../src/base/deferred.ts";
import { send } from "../../../src/simulator/api/answer.ts";
import type { PathPattern } from "../../../src/simulator/api/path-pattern.ts";
import type { World } from "./world.ts";

export interface HowHeldBack {
  /** What the answer says: what was so when it was asked for, or what is so when it is let go. */
  readonly says: "what was" | "what is";
  /** Only requests that wait for a change; others are answered at once. Default: all. */
  readonly onlyPolls?: boolean;
}

/** Holds back the answers of a path to what is asked from now on, until the returned function is called. */
export function holdBack(
  { server }: Pick<World, "server">,
  path: PathPattern,
  { says, onlyPolls = false }: HowHeldBack,
): () => void {
  const letGo = createDeferred();
  server.faults.set(path, async ({ request, response, answer }) => {
    const isHeld = !onlyPolls || request.url?.includes("index=") === true;
    const old = says === "what was" ? await answer() : undefined;
    if (isHeld) await letGo.promise;
    await send(response, old ?? (await answer()));
  });
  return () => {
    server.faults.clear(path);
    letGo.resolve();
  };
}
