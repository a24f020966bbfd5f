import { readFileSync } from "node:fs";
import { getAsset, isSea } from "node:sea";
import { packageFile } from "./package-file.ts";

/** The version of the package this code belongs to. */
export function packageVersion(): string {
  const parsed: unknown = JSON.parse(manifest());
  const version = typeof parsed === "object" && parsed !== null ? Reflect.get(parsed, "version") : undefined;
  return typeof version === "string" ? version : "unknown";
}

/** The text of package.json: the file of the package, or its copy in the executable. */
function manifest(): string {
  if (isSea()) return getAsset("package.json", "utf8");
  return readFileSync(packageFile("package.json"), "utf8");
}
