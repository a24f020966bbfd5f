import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** A program of this folder in a process of its own, so that it neither waits for the probe nor keeps it waiting. */
export interface Worker<State> {
  /** What it tells of itself right now. */
  state(): Promise<State>;
  /** Has it do something, by a message of its own; resolves when that is done. */
  order(message: object): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a program that calls `tellState` as soon as it works; the input reaches it as JSON in its first argument. */
export async function startWorker<State>(program: string, input: object): Promise<Worker<State>> {
  const child = fork(join(import.meta.dirname, program), [JSON.stringify(input)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = once(child, "exit");
  const failed = ended.then(([code]) => Promise.reject(new Error(`${program} ended by itself, exit code ${code}`)));
  failed.catch(() => {}); // The next request reports it.
  async function reported(): Promise<State> {
    const [state] = await Promise.race([once(child, "message"), failed]);
    return state as State;
  }
  await reported();
  return {
    async state() {
      const answer = reported();
      child.send("state");
      return await answer;
    },
    async order(message) {
      const done = reported();
      child.send(message);
      await done;
    },
    async stop() {
      child.kill("SIGKILL"); // It has nothing to lose.
      await ended;
    },
  };
}

/** The other side: tells the state now and whenever it is asked for, and ends with the process that has started it. */
export function tellState(state: () => object): void {
  const tell = () => process.send?.(state());
  process.on("message", tell);
  process.once("disconnect", () => process.exit());
  tell();
}
