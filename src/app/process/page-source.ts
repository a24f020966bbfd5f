import { getAsset, isSea } from "node:sea";
import { type PageSource, pageDirectory } from "../../web/page-file.ts";
import { packageFile } from "./package-file.ts";

/** The page's files: those of the build, or their copies in the executable. */
export function pageSource(): PageSource {
  if (!isSea()) return pageDirectory(packageFile("dist/page"));
  const names: unknown = JSON.parse(getAsset("page.json", "utf8"));
  const known = Array.isArray(names) ? names.map(String) : [];
  return {
    names: () => known,
    read: (name) => (known.includes(name) ? Buffer.from(getAsset(`page/${name}`)) : undefined),
  };
}
