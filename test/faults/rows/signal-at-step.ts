import promises, { type FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { basename, dirname } from "node:path";

/** The steps of replacing a file, in order; the signal comes right after the step. */
export const STEPS = ["open", "writeFile", "chmod", "sync", "close", "rename", "syncDirectory"] as const;

/**
 * Preloaded into portolan (--import) with SIGNAL_AFTER, SIGNAL and SIGNAL_PATH: sends itself the signal right after that
 * step of the first replacement of the file, so that every moment in between is tried.
 */
function arm(step: string, signal: string, path: string): void {
  const { open, rename } = promises;
  let isSent = false;
  function reached(done: string): void {
    if (done !== step || isSent) return;
    isSent = true;
    process.kill(process.pid, signal);
  }
  function watchFile(file: FileHandle): FileHandle {
    for (const name of ["writeFile", "chmod", "sync", "close"] as const) {
      const original = file[name].bind(file) as (...args: never[]) => Promise<void>;
      file[name] = async (...args: never[]) => {
        await original(...args);
        reached(name);
      };
    }
    return file;
  }
  promises.open = async (...args) => {
    const file = await open(...args);
    const opened = String(args[0]);
    if (basename(opened).startsWith(`.portolan-${basename(path)}-`)) {
      reached("open");
      return watchFile(file);
    }
    if (opened === dirname(path)) {
      const sync = file.sync.bind(file);
      file.sync = async () => {
        await sync();
        reached("syncDirectory");
      };
    }
    return file;
  };
  promises.rename = async (from, to) => {
    await rename(from, to);
    if (to === path) reached("rename");
  };
  syncBuiltinESMExports();
}

const { SIGNAL_AFTER: step, SIGNAL: signal, SIGNAL_PATH: path } = process.env;
if (step !== undefined && signal !== undefined && path !== undefined) arm(step, signal, path);
