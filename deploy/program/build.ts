import { chmod, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BUNDLED } from "../sbom/bundled.ts";
import { bundler } from "./bundler.ts";
import { noticesOf, packageFolders } from "./licences.ts";

/*
 * Makes dist/main.js and dist/parts/ of src/main.ts and the libraries: what is needed together is one file, so that each command
 * loads what it runs and nothing else. They are to be read: names and lines are kept, and each part says which source it is of.
 * Beside them dist/licences.txt, the notices of the libraries.
 */

const ROOT = join(import.meta.dirname, "../..");
const TARGET = join(ROOT, "dist");

await rm(TARGET, { recursive: true, force: true });
const build = await bundler(join(ROOT, "src/main.ts"));
try {
  const { output } = await build.write({
    dir: TARGET,
    format: "es",
    entryFileNames: "[name].js",
    // The hash, so that a running program never takes a part of another build: it would have other exports.
    chunkFileNames: "parts/[name]-[hash].js",
    minify: false,
    minifyInternalExports: false,
    // The reasons are in the sources; here they would be read at every start. The notices are in licences.txt.
    comments: { legal: false, jsdoc: false, annotation: false },
  });
  const chunks = output.filter((one) => one.type === "chunk");
  const ofPage = BUNDLED.map((name) => join(ROOT, "node_modules", name));
  const folders = packageFolders(chunks.flatMap(({ moduleIds }) => moduleIds));
  await writeFile(join(TARGET, "licences.txt"), await noticesOf([...folders, ...ofPage].toSorted()));
} finally {
  await build.close();
}
await chmod(join(TARGET, "main.js"), 0o755);
