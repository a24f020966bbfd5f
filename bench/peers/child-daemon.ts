import { spawn } from "node:child_process";
import { once } from "node:events";

export interface ChildDaemon {
  readonly pid: number;
  /** Why it is not running, with the end of what it said. */
  exitReason(): string | undefined;
  stop(): Promise<void>;
}

/** A program that writes a chart, as a process that does not outlive this one. */
export function startDaemon(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ChildDaemon {
  const child = spawn(program, args, {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...environment },
  });
  const ended = once(child, "exit");
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2_000);
  });
  const killNow = () => child.kill("SIGKILL");
  process.once("exit", killNow);
  child.once("exit", () => process.off("exit", killNow));

  const exitReason = () =>
    child.exitCode === null && child.signalCode === null
      ? undefined
      : `exit code ${child.exitCode}, signal ${child.signalCode}; it said: ${said}`;
  return {
    pid: child.pid ?? 0,
    exitReason,
    async stop() {
      if (exitReason() !== undefined) return;
      child.kill("SIGTERM");
      const insist = setTimeout(killNow, 5_000);
      await ended;
      clearTimeout(insist);
    },
  };
}
