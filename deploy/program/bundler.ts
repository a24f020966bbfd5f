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
      {
        // Media types by the ends of files' names, for forms with files in them: 180 KB that each daemon would hold. axios
        // brings them by form-data, and portolan sends no form.
        name: "no-media-types",
        load: { filter: { id: /\/mime-db\/db\.json$/ }, handler: () => "{}" },
      },
      { name: "ascii", renderChunk: (code) => ascii(code) },
    ],
  });
}

/** How a module asks for the file that a package offers to `require`; a bundler knows the bare word alone. */
const REQUIRE_OF_A_MODULE = "createRequire(import.meta.url)";

/** V8 keeps a source with one character beyond Latin-1 in two bytes for each of its characters, as long as the process runs. */
function ascii(code: string): string {
  const unescapable = /\\[^\0-\x7f].*|.*String\.raw`[^`]*[^\0-\x7f`].*/.exec(code);
  if (unescapable !== null) throw new Error(`cannot be written in ASCII with the same meaning: ${unescapable[0]}`);
  return code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
