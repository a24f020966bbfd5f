import fs from "node:fs";
import { registerHooks, syncBuiltinESMExports } from "node:module";

/*
 * Loaded into the counted process before its program: counts the modules that are loaded, and what is done to files. At a
 * signal it writes both to the file that COUNTS_FILE names.
 */

export interface Observed {
  readonly modules: number;
  readonly moduleBytes: number;
  readonly fsyncs: number;
  readonly renames: number;
}

const observed = { modules: 0, moduleBytes: 0, fsyncs: 0, renames: 0 };
const { writeFileSync } = fs;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (url.startsWith("file:") && url !== import.meta.url) {
      observed.modules += 1;
      const { source } = loaded;
      observed.moduleBytes +=
        typeof source === "string" ? Buffer.byteLength(source) : (source?.byteLength ?? fs.statSync(new URL(url)).size);
    }
    return loaded;
  },
});

type Call = (...args: never[]) => unknown;

function count(object: object, name: string, what: "fsyncs" | "renames"): void {
  const methods = object as Record<string, Call>;
  const original = methods[name];
  if (original === undefined) throw new TypeError(`there is no ${name}`);
  methods[name] = function (this: unknown, ...args: never[]) {
    observed[what] += 1;
    return Reflect.apply(original, this, args);
  };
}

const handle = await fs.promises.open(process.execPath);
await handle.close();
const fileHandle = Object.getPrototypeOf(handle) as object;
for (const name of ["sync", "datasync"]) count(fileHandle, name, "fsyncs");
for (const name of ["fsync", "fsyncSync", "fdatasync", "fdatasyncSync"]) count(fs, name, "fsyncs");
for (const name of ["rename", "renameSync"]) count(fs, name, "renames");
count(fs.promises, "rename", "renames");
syncBuiltinESMExports();

process.on("SIGWINCH", () => {
  writeFileSync(process.env.COUNTS_FILE ?? "", JSON.stringify(observed satisfies Observed));
});
