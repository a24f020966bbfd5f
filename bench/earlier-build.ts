import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { AppError, EXIT_CODES } from "../src/base/errors.ts";
import type { Program } from "./program.ts";
import { say } from "./say.ts";
import { startWithTeardown } from "./teardown.ts";

const ROOT = join(import.meta.dirname, "..");
const LOCK = "package-lock.json";
const OUTPUT_BYTES = 2 ** 28;
const run = promisify(execFile);

export interface EarlierBuild {
  readonly program: Program;
  /** Of the commit, as Git shortens it. */
  readonly revision: string;
  remove(): Promise<void>;
}

/**
 * Builds a revision of this repository in a temporary directory, from what is committed there. The libraries are those that
 * are installed here, where both revisions lock the same ones, else `npm ci` brings its own. Throws AppError (exit code 64)
 * where Git knows no such revision.
 */
export function buildEarlier(wanted: string, signal: AbortSignal): Promise<EarlierBuild> {
  return startWithTeardown(async (teardown) => {
    const revision = await resolve(wanted);
    const directory = await mkdtemp(join(tmpdir(), "portolan-bench-build-"));
    teardown.add(() => rm(directory, { recursive: true, force: true }));
    say(`building ${revision}`);
    const archive = join(directory, "archive.tar");
    await run("git", ["-C", ROOT, "archive", "--output", archive, revision], { signal });
    await run("tar", ["-xf", archive, "-C", directory], { signal });
    const npm = { cwd: directory, signal, maxBuffer: OUTPUT_BYTES };
    if (await locksTheSame(directory)) await symlink(join(ROOT, "node_modules"), join(directory, "node_modules"));
    else await run("npm", ["ci"], npm);
    await run("npm", ["run", "build"], npm);
    return { program: join(directory, "dist/main.js"), revision, remove: teardown.run };
  });
}

async function resolve(wanted: string): Promise<string> {
  try {
    const { stdout } = await run("git", ["-C", ROOT, "rev-parse", "--short", "--verify", `${wanted}^{commit}`]);
    return stdout.trim();
  } catch {
    throw new AppError(
      `bench: --compare: found ${JSON.stringify(wanted)}, a revision that Git knows is allowed, such as HEAD~1, a tag or a hash`,
      { code: "E_USAGE", retryable: false, exitCode: EXIT_CODES.usage },
    );
  }
}

async function locksTheSame(directory: string): Promise<boolean> {
  const [here, there] = await Promise.all([ROOT, directory].map((root) => readFile(join(root, LOCK), "utf8")));
  return here === there;
}
