import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The path of something in the package that this code belongs to: of the sources, of what is built of them, or as it is installed.
 *
 * @param path below the directory of package.json, as `dist/page`
 */
export function packageFile(path: string): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json")) && folder !== dirname(folder)) folder = dirname(folder);
  return join(folder, path);
}
