/** A path of the API in which `*` stands for any characters: "/v1/health/service/*". */
export type PathPattern = string;

/** Does the path (without its query) match the pattern as a whole? */
export function matchesPath(pattern: PathPattern, path: string): boolean {
  const source = pattern
    .split("*")
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${source}$`).test(path);
}
