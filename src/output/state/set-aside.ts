import { readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { outputError } from "../files/output-error.ts";

const KEPT_FILES = 5;

/**
 * Moves a file that cannot be used to `<path>.<label>-<n>`, or to `<path>.<label>` where the label carries a number
 * itself (`format-3`) and the name is free; never onto another file. Answers the new path. Of the files set aside for
 * one path the newest five stay, so that a file damaged at every start cannot fill the disk. Throws E_OUTPUT_….
 */
export async function setAside(path: string, label: string): Promise<string> {
  try {
    const taken = new Set(await readdir(dirname(path)));
    const name = freeName(basename(path), label, taken);
    const movedTo = join(dirname(path), name);
    await rename(path, movedTo);
    await removeOldest(
      path,
      [...taken, name].filter((other) => isSetAside(other, basename(path))),
      name,
    );
    return movedTo;
  } catch (error) {
    throw outputError(error, "set aside", path);
  }
}

function freeName(base: string, label: string, taken: ReadonlySet<string>): string {
  const stem = `${base}.${label}`;
  if (/-\d+$/.test(label) && !taken.has(stem)) return stem;
  let number = 1;
  while (taken.has(`${stem}-${number}`)) number += 1;
  return `${stem}-${number}`;
}

function isSetAside(name: string, base: string): boolean {
  return name.startsWith(`${base}.`) && /^(damaged-\d+|format-\d+(-\d+)?)$/.test(name.slice(base.length + 1));
}

/** The oldest by the time of their writing; the one just moved stays, however old its text. */
async function removeOldest(path: string, names: readonly string[], justMoved: string): Promise<void> {
  const others = await Promise.all(
    names
      .filter((name) => name !== justMoved)
      .map(async (name) => {
        const file = join(dirname(path), name);
        return { file, writtenAtMs: (await stat(file)).mtimeMs };
      }),
  );
  others.sort((a, b) => b.writtenAtMs - a.writtenAtMs);
  for (const { file } of others.slice(KEPT_FILES - 1)) await rm(file, { force: true });
}
