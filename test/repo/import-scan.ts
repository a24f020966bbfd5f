import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** One import in the source. */
export interface FoundImport {
  /** Relative to src, for example `core/reconcile.ts`. */
  readonly file: string;
  /** Relative to src where it is ours, else a package or `node:…`. */
  readonly target: string;
}

const STATEMENT = /^(?:import|export)\b[^;"]*?from "([^"]+)"|^import "([^"]+)"|\bimport\("([^"]+)"\)/gm;

/** Every file below the folder, and every import in it, types included. */
export function scanImports(root: string): {
  readonly files: readonly string[];
  readonly imports: readonly FoundImport[];
} {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));
  const imports = files.flatMap((file) =>
    importsIn(readFileSync(join(root, file), "utf8")).map((name) => ({
      file,
      target: name.startsWith(".") ? normalize(join(dirname(file), name)) : name,
    })),
  );
  return { files, imports };
}

/** The names in all import and export-from statements and dynamic imports of a text. */
export function importsIn(text: string): readonly string[] {
  return [...text.matchAll(STATEMENT)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}
