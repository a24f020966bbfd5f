import { builtinModules } from "node:module";
import { bundler } from "../program/bundler.ts";

/**
 * Writes a program and all that it imports, dynamic imports as well, as one CommonJS file, which is what Node takes into a single
 * executable. Parts that are imported on demand still run on demand.
 *
 * Throws where something would be looked for in the file system when it runs: there is no node_modules beside an executable.
 */
export async function bundle(entry: string, file: string): Promise<void> {
  const build = await bundler(entry);
  try {
    const { output } = await build.write({ file, format: "cjs", codeSplitting: false });
    const [script] = output;
    const outside = script.imports.filter((name) => !name.startsWith("node:") && !BUILT_IN.has(name));
    if (output.length > 1 || outside.length > 0) {
      throw new Error(`not in one script: ${[...outside, ...output.slice(1).map((part) => part.fileName)].join(", ")}`);
    }
  } finally {
    await build.close();
  }
}

const BUILT_IN = new Set(builtinModules);
