import { getAsset, isSea } from "node:sea";
import { fileURLToPath } from "node:url";
import { type PageSource, pageDirectory } from "../../web/page-file.ts";

/** Where the build has put the page, seen from the sources and from what is built of them. */
const DIRECTORY = "../../../dist/page";

/** The page's files: those of the build, or their copies in the executable. */
export function pageSource(): PageSource {
  if (!isSea()) return pageDirectory(fileURLToPath(new URL(DIRECTORY, import.meta.url)));
  const names: unknown = JSON.parse(getAsset("page.json", "utf8"));
  const known = Array.isArray(names) ? names.map(String) : [];
  return {
    names: () => known,
    read: (name) => (known.includes(name) ? Buffer.from(getAsset(`page/${name}`)) : undefined),
  };
}
