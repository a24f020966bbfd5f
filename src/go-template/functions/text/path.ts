import { fixed, type GoFunction, TEXT } from "../parameter.ts";

/** Go's functions on paths with slashes, under sprig's names. */
export const PATH_FUNCTIONS: Readonly<Record<string, GoFunction>> = {
  base: fixed([TEXT], (_, path) => baseOf(path)),
  dir: fixed([TEXT], (_, path) => clean(path.slice(0, path.lastIndexOf("/") + 1))),
  clean: fixed([TEXT], (_, path) => clean(path)),
  ext: fixed([TEXT], (_, path) => /\.[^./]*$/.exec(path)?.[0] ?? ""),
  isAbs: fixed([TEXT], (_, path) => path.startsWith("/")),
};

function baseOf(path: string): string {
  if (path === "") return ".";
  return path.replace(/\/+$/, "").split("/").at(-1) || "/";
}

/** Go's `path.Clean`: no double slashes, no `.`, and no `..` that a name in front of it makes needless. */
function clean(path: string): string {
  const isAbsolute = path.startsWith("/");
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!isAbsolute) kept.push(part);
  }
  return (isAbsolute ? "/" : "") + kept.join("/") || ".";
}
