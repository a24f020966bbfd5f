import promises, { type FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { basename, dirname } from "node:path";

/** What replacing a file consists of, in its order: the process dies right after the step. */
export const STEPS = ["open", "writeFile", "chmod", "sync", "close", "rename", "syncDirectory"] as const;

/**
 * Preloaded into portolan (--import) with DIE_AT_STEP and DIE_FOR, a path: kills the process after that step of the
 * file's second replacement; the first one may be no change at all.
 */
function arm(step: string, path: string): void {
  const { open, rename } = promises;
  function die(done: string): void {
    if (done === step) process.kill(process.pid, "SIGKILL");
  }
  function watchFile(file: FileHandle): FileHandle {
    for (const name of ["writeFile", "chmod", "sync", "close"] as const) {
      const original = file[name].bind(file) as (...args: never[]) => Promise<void>;
      file[name] = async (...args: never[]) => {
        await original(...args);
        die(name);
      };
    }
    return file;
  }
  promises.open = async (...args) => {
    const file = await open(...args);
    const opened = String(args[0]);
    if (basename(opened).startsWith(`.portolan-${basename(path)}-`)) {
      die("open");
      return watchFile(file);
    }
    if (opened === dirname(path)) {
      const sync = file.sync.bind(file);
      file.sync = async () => {
        await sync();
        die("syncDirectory");
      };
    }
    return file;
  };
  promises.rename = async (from, to) => {
    await rename(from, to);
    if (to === path) die("rename");
  };
  syncBuiltinESMExports();
}

const { DIE_AT_STEP: step, DIE_FOR: path } = process.env;
if (step !== undefined && path !== undefined) arm(step, path);
