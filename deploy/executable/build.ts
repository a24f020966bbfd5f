import { execFileSync } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { writeBill } from "../sbom/write.ts";
import { bundle } from "./bundle.ts";

/*
 * Makes out/portolan, or the file that is named, of src/: the Node that runs this, with portolan in it, for Linux machines of
 * this one's architecture that have no Node; and beside it FILE.cdx.json, what it is made of. npm run build:binary [-- FILE]
 */

const ROOT = join(import.meta.dirname, "../..");
const TARGET = resolve(process.argv[2] ?? join(ROOT, "out/portolan"));

/** Where Node looks for what was put into it: https://nodejs.org/api/single-executable-applications.html */
const SENTINEL = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/** As in the first line of src/main.ts, which no executable reads. */
const FLAGS = ["--max-semi-space-size=4", "--max-old-space-size-percentage=50"];

async function build(scratch: string): Promise<void> {
  const script = join(scratch, "portolan.cjs");
  // Not main.ts: which Node runs it is settled.
  await bundle(join(ROOT, "src/program.ts"), script);

  const page = join(scratch, "page");
  run(process.execPath, [join(ROOT, "deploy/page/build.ts"), page]);
  const names = (await readdir(page, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(page, join(parentPath, name)));
  const list = join(scratch, "page.json");
  await writeFile(list, JSON.stringify(names));

  const blob = join(scratch, "portolan.blob");
  const config = join(scratch, "executable.json");
  await writeFile(
    config,
    JSON.stringify({
      main: script,
      output: blob,
      disableExperimentalSEAWarning: true,
      useCodeCache: true,
      execArgv: FLAGS,
      assets: {
        "package.json": join(ROOT, "package.json"),
        "page.json": list,
        ...Object.fromEntries(names.map((name) => [`page/${name}`, join(page, name)])),
      },
    }),
  );
  run(process.execPath, ["--experimental-sea-config", config]);

  const executable = join(scratch, "portolan");
  await copyFile(process.execPath, executable);
  await chmod(executable, 0o755);
  const postject = join(ROOT, "node_modules/postject/dist/cli.js");
  run(process.execPath, [postject, executable, "NODE_SEA_BLOB", blob, "--sentinel-fuse", SENTINEL]);

  await mkdir(dirname(TARGET), { recursive: true });
  // Another file system than the scratch directory's may be below: whole or not at all.
  await copyFile(executable, `${TARGET}.part`);
  await rename(`${TARGET}.part`, TARGET);
  writeBill(`${TARGET}.cdx.json`, { hasNode: true });
}

/** Shows what it says only where it fails. */
function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: ["ignore", "pipe", "pipe"] });
}

if (process.platform !== "linux" || process.version !== `v${manifest.devDependencies.node}`) {
  process.stderr.write(
    `the executable is made on Linux by Node ${manifest.devDependencies.node}, and this is ${process.platform} with ${process.version}; run npm ci and npm run build:binary\n`,
  );
  process.exit(69);
}
const scratch = await mkdtemp(join(tmpdir(), "portolan-executable-"));
try {
  await build(scratch);
  const { size } = await stat(TARGET);
  process.stdout.write(`${relative(".", TARGET)}, ${Math.round(size / 1e6)} MB, with Node ${process.version}\n`);
} finally {
  await rm(scratch, { recursive: true, force: true });
}
