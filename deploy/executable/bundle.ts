import { builtinModules } from "node:module";
import { rolldown } from "rolldown";

/**
 * Writes a program and all that it imports, dynamic imports as well, as one CommonJS file, which is what Node takes into a single
 * executable. Parts that are imported on demand still run on demand.
 *
 * Throws where something would be looked for in the file system when it runs: there is no node_modules beside an executable.
 */
export async function bundle(entry: string, file: string): Promise<void> {
  const build = await rolldown({
    input: entry,
    platform: "node",
    // What is not found is an error, and not left to be required at run time.
    onLog: (level, log, report) => report(log.code === "UNRESOLVED_IMPORT" ? "error" : level, log),
    plugins: [{ name: "require-in-modules", transform: (code) => code.replaceAll(REQUIRE_OF_A_MODULE, "require") }],
  });
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

/** How a module asks for the file that a package offers to `require`; a bundler knows the bare word alone. */
const REQUIRE_OF_A_MODULE = "createRequire(import.meta.url)";

const BUILT_IN = new Set(builtinModules);
