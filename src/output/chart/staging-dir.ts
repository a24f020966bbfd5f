import { randomBytes } from "node:crypto";
import { access, chmod, constants, mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { systemCode } from "../../base/system-code.ts";
import { hiddenDir, makeHiddenDir } from "../files/hidden-dir.ts";

export interface StagingDir {
  readonly dir: string;
  readonly warning?: string;
}

/**
 * Where new versions of the output grow before they are renamed into place. Traefik reloads everything at every event
 * in the directory that it watches, so a file growing there costs three reloads instead of one (measured, 3.6.12). In
 * order: the state directory (created with 0700), a hidden directory beside the output, the output's own directory
 * with a warning. Never throws: checkOutput says what is wrong with the output itself.
 */
export async function chooseStagingDir({
  outputPath,
  stateDir,
}: {
  outputPath: string;
  stateDir: string;
}): Promise<StagingDir> {
  const outputDir = dirname(outputPath);
  if ((await isUsable(stateDir, 0o700)) && (await canRenameBetween(stateDir, outputDir))) return { dir: stateDir };
  const hidden = await makeHiddenDir(outputPath).catch(() => undefined);
  if (hidden !== undefined && (await isUsable(hidden))) return { dir: hidden };
  return {
    dir: outputDir,
    warning: `new versions grow in ${outputDir} itself, so that each write costs Traefik extra reloads in directory mode; put the state directory on the same mount, or let portolan create ${hiddenDir(outputPath)}`,
  };
}

/**
 * Whether both directories are writable and a rename from one to the other would succeed. Tried with a name that does not
 * exist, which changes nothing and causes no events. Comparing devices is not enough: two mounts of one file system refuse a
 * rename as well (EXDEV).
 */
export async function canRenameBetween(from: string, to: string): Promise<boolean> {
  if (!(await isUsable(from)) || !(await isUsable(to))) return false;
  const absent = `.portolan-absent-${randomBytes(6).toString("hex")}`;
  try {
    await rename(join(from, absent), join(to, absent));
    return true;
  } catch (error) {
    return systemCode(error) === "ENOENT";
  }
}

/** Whether files can be made in it. With a mode, a missing directory is created; the mode of an existing one is left alone. */
async function isUsable(directory: string, createMode?: number): Promise<boolean> {
  try {
    if (createMode !== undefined && (await mkdir(directory, { recursive: true })) !== undefined) {
      await chmod(directory, createMode); // mkdir's own mode is cut by the umask
    }
    await access(directory, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
