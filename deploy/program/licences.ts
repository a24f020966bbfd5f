import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The folder of a module's package, the innermost of several: /a/node_modules/b/node_modules/@x/c/d.js → /a/node_modules/b/node_modules/@x/c. */
const PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** The folders of the packages that modules are of, sorted. @param modules paths of files, or other names of a bundler's own */
export function packageFolders(modules: readonly string[]): readonly string[] {
  return [...new Set(modules.flatMap((id) => PACKAGE.exec(id)?.[0] ?? []))].toSorted();
}

/** Names, versions, licences and notices of packages as one text, since these notices must go where their code goes. */
export async function noticesOf(folders: readonly string[]): Promise<string> {
  const notices = await Promise.all(
    folders.map(async (folder) => {
      const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
      const names = (await readdir(folder)).filter((one) => /^(?:licen[cs]e|notice)\b/i.test(one)).toSorted();
      const texts = await Promise.all(names.map((one) => readFile(join(folder, one), "utf8")));
      return [`${name} ${version}: ${license}`, ...texts.map((text) => text.trim())].join("\n\n");
    }),
  );
  return `${notices.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}
