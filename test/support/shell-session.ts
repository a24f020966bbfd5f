import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A shell that takes one block of commands after another, as a person types them: variables, aliases and jobs stay. */
export interface ShellSession {
  /** Runs a block to its end and resolves to what it printed, standard error included; commands in the background go on. */
  run(commands: string): Promise<{ readonly code: number; readonly printed: string }>;
  /** Ends the shell and all that it has started. */
  end(): Promise<void>;
}

/** Starts bash in a directory, with this environment alone. */
export async function startShell(cwd: string, env: Readonly<Record<string, string>>): Promise<ShellSession> {
  const scratch = await mkdtemp(join(tmpdir(), "portolan-shell-"));
  // A process group of its own, so that what runs in the background can be ended with it.
  const shell = spawn("bash", ["--noprofile", "--norc"], {
    cwd,
    env,
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const ended = once(shell, "exit");
  let output = "";
  shell.stdout.on("data", (part: Buffer) => {
    output += part.toString();
  });
  const killGroup = () => {
    try {
      process.kill(-(shell.pid ?? 0), "SIGKILL");
    } catch {
      // All of it has ended.
    }
  };
  process.once("exit", killGroup);
  // As in a shell that a person types in.
  shell.stdin.write("shopt -s expand_aliases\nexec 2>&1\n");
  let blocks = 0;

  return {
    async run(commands) {
      blocks += 1;
      const file = join(scratch, `block-${blocks}.sh`);
      await writeFile(file, commands);
      output = "";
      const mark = `end of block ${blocks}:`;
      shell.stdin.write(`source '${file}' </dev/null\necho "${mark} $?"\n`);
      const pattern = new RegExp(`^([^]*?)${mark} (\\d+)\\n`);
      for (;;) {
        const [, printed, code] = pattern.exec(output) ?? [];
        if (printed !== undefined) return { printed, code: Number(code) };
        if (shell.exitCode !== null) throw new Error(`the shell has ended: ${output}`);
        await Promise.race([once(shell.stdout, "data"), ended]);
      }
    },
    async end() {
      process.off("exit", killGroup);
      killGroup();
      if (shell.exitCode === null && shell.signalCode === null) await ended;
      await rm(scratch, { recursive: true, force: true });
    },
  };
}
