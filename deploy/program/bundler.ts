import { type RolldownBuild, rolldown } from "rolldown";

/** Reads a program of src/ and all that it imports, libraries and dynamic imports as well. Close it when it is written. */
export function bundler(entry: string): Promise<RolldownBuild> {
  return rolldown({
    input: entry,
    platform: "node",
    // What is not found is an error, and not left to be required at run time.
    onLog: (level, log, report) => {
      if (log.code === "INEFFECTIVE_DYNAMIC_IMPORT") return;
      report(log.code === "UNRESOLVED_IMPORT" ? "error" : level, log);
    },
    plugins: [
      {
        name: "require-in-modules",
        transform: {
          filter: { code: REQUIRE_OF_A_MODULE, id: /\/src\// },
          handler: (code) => code.replaceAll(REQUIRE_OF_A_MODULE, "require"),
        },
      },
    ],
  });
}

/** How a module asks for the file that a package offers to `require`; a bundler knows the bare word alone. */
const REQUIRE_OF_A_MODULE = "createRequire(import.meta.url)";
