import { readFile } from "node:fs/promises";
import { isSea } from "node:sea";
import { fileVersion } from "../../base/file-version.ts";
import { packageFile } from "./package-file.ts";
import { packageVersion } from "./version.ts";

/**
 * Text that is the same as long as the same build runs, by the same Node.js; undefined where that is not known, as of sources. The
 * built `dist/main.js` names the part that it loads by a hash, and so do the parts among themselves.
 */
export async function buildIdentity(): Promise<string | undefined> {
  const program = isSea() ? await fileVersion(process.execPath) : await builtProgram();
  return program && [packageVersion(), process.version, program].join("\n");
}

async function builtProgram(): Promise<string | undefined> {
  if (import.meta.filename.endsWith(".ts")) return undefined;
  return await readFile(packageFile("dist/main.js"), "utf8").catch(() => undefined);
}
