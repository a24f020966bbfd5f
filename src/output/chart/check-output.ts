import { access, constants, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { systemCode } from "../../base/system-code.ts";
import { canRenameBetween } from "./staging-dir.ts";

export interface OutputProblem {
  readonly kind:
    | "wrongExtension"
    | "missingDirectory"
    | "notADirectory"
    | "notWritable"
    | "pathIsDirectory"
    | "notARegularFile"
    | "ofTheKernel"
    | "mountedFile"
    | "stagingElsewhere";
  /** `error`: nothing that portolan writes would reach Traefik. */
  readonly severity: "error" | "warning";
  readonly message: string;
}

/** Looks at the output before the first write and lists everything that would go wrong. */
export async function checkOutput({
  path,
  stagingDir,
}: {
  path: string;
  stagingDir: string;
}): Promise<readonly OutputProblem[]> {
  const problems: OutputProblem[] = [];
  const directory = dirname(path);

  // Traefik's directory mode reads .yml, .yaml and .toml only; the chart is JSON inside YAML, which is no TOML.
  if (![".yml", ".yaml"].includes(extname(path).toLowerCase())) {
    problems.push(problem("wrongExtension", `${path} would never be read by Traefik; end its name in .yml or .yaml`));
  }
  const ofTheKernel = await findKernelProblem(path);
  if (ofTheKernel !== undefined) return [...problems, ofTheKernel];
  const unusable = await findDirectoryProblem(directory);
  if (unusable !== undefined) return [...problems, unusable];

  if (await isDirectory(path)) {
    problems.push(problem("pathIsDirectory", `${path} is a directory; name a file inside it`));
  } else if (await isSpecial(path)) {
    problems.push(
      problem("notARegularFile", `${path} is a pipe, a socket or a device; remove it, or name another file`),
    );
  } else if (await isMountPoint(path)) {
    problems.push(
      problem("mountedFile", `${path} is mounted as a single file and cannot be replaced; mount ${directory} instead`),
    );
  }
  if (!(await canRenameBetween(stagingDir, directory))) {
    problems.push({
      kind: "stagingElsewhere",
      severity: "warning",
      message: `${stagingDir} is missing, read-only or on another mount than ${directory}, so that each write costs Traefik extra reloads; stage on the output's own mount`,
    });
  }
  return problems;
}

async function findDirectoryProblem(directory: string): Promise<OutputProblem | undefined> {
  try {
    if (!(await stat(directory)).isDirectory()) {
      return problem("notADirectory", `${directory} is not a directory; correct the output's path`);
    }
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    if (systemCode(error) === "ENOENT") {
      return problem("missingDirectory", `${directory} does not exist; create it, or correct the output's path`);
    }
    return problem(
      "notWritable",
      `${directory} cannot be written (${systemCode(error) ?? "unknown"}); give portolan's user read, write and search permission and mount it read-write`,
    );
  }
}

/** Where the kernel shows itself as files, nothing can be renamed, and opening a file may do anything. */
const OF_THE_KERNEL = /^\/(?:proc|sys|dev)(?:\/|$)/;
/** A file system in memory, for any process to use. */
const SHARED_MEMORY = /^\/dev\/shm(?:\/|$)/;

async function findKernelProblem(path: string): Promise<OutputProblem | undefined> {
  const directory = dirname(resolve(path));
  const real = await realpath(directory).catch(() => directory);
  if (!OF_THE_KERNEL.test(real) || SHARED_MEMORY.test(real)) return undefined;
  return problem("ofTheKernel", `${path} is in ${real}, where no file can be kept; name one in a directory of a disk`);
}

/** A pipe, socket or device: opening it could wait for ever. A link counts as what it leads to. */
async function isSpecial(path: string): Promise<boolean> {
  try {
    const found = await stat(path);
    return !found.isFile() && !found.isDirectory();
  } catch {
    return false;
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** From Linux's mount table. Devices would not tell: a file bound from the same file system has its directory's. */
async function isMountPoint(path: string): Promise<boolean> {
  let table: string;
  try {
    table = await readFile("/proc/self/mountinfo", "utf8");
  } catch {
    return false; // not Linux: the first write reports EBUSY
  }
  const directory = await realpath(dirname(resolve(path)));
  const target = escapeMountPoint(join(directory, basename(path)));
  return table.split("\n").some((line) => line.split(" ")[4] === target);
}

/** proc(5): blanks, tabs, newlines and backslashes of a mount point are written in octal. */
function escapeMountPoint(path: string): string {
  return path.replace(/[ \t\n\\]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`);
}

function problem(kind: OutputProblem["kind"], message: string): OutputProblem {
  return { kind, severity: "error", message };
}
