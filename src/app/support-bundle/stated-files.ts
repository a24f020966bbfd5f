import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { systemReason } from "../../base/system-code.ts";

/** A file as a bundle lists it: not what it holds. */
export interface StatedFile {
  readonly name: string;
  readonly bytes: number;
  readonly changedAt: string;
  readonly mode: string;
}

/** What lies in a folder, or why that is not known. More than a thousand files are not listed. */
export async function statedFiles(folder: string): Promise<readonly StatedFile[] | { readonly missing: string }> {
  try {
    const names = (await readdir(folder)).sort().slice(0, 1_000);
    return await Promise.all(
      names.map(async (name) => {
        const { size, mtime, mode } = await stat(join(folder, name));
        return { name, bytes: size, changedAt: mtime.toISOString(), mode: (mode & 0o777).toString(8).padStart(4, "0") };
      }),
    );
  } catch (error) {
    return { missing: `${folder}: ${systemReason(error)}` };
  }
}
