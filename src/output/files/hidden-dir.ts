import { chmod, mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { systemCode } from "../../base/system-code.ts";

/**
 * The directory beside the output for what portolan needs on the output's own mount: files that grow, and the writer's lock.
 * Traefik reads directories below the one that it watches, but does not watch them.
 */
export function hiddenDir(outputPath: string): string {
  return join(dirname(outputPath), ".portolan-staging");
}

/** Traefik must be able to read it: a directory that it cannot list makes it refuse the whole configuration. */
const HIDDEN_MODE = 0o755;
const SETGID = 0o2000;

/**
 * Creates the hidden directory where it is missing. It takes over the group and the setgid bit of the output's directory, so
 * that what grows in it has that group without being handed over. Throws the system's error, also where the output's own is
 * missing.
 */
export async function makeHiddenDir(outputPath: string): Promise<string> {
  const hidden = hiddenDir(outputPath);
  try {
    await mkdir(hidden, HIDDEN_MODE);
    await openToTraefik(hidden);
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error;
  }
  return hidden;
}

/**
 * The umask may have cut the mode. A chmod is made only then: the kernel takes the setgid bit away where the user is no member of
 * the directory's group, and systemd's RestrictSUIDSGID refuses one that would keep it.
 */
async function openToTraefik(hidden: string): Promise<void> {
  const { mode } = await stat(hidden);
  if ((mode & 0o777) === HIDDEN_MODE) return;
  try {
    await chmod(hidden, (mode & SETGID) | HIDDEN_MODE);
  } catch (error) {
    if (systemCode(error) !== "EPERM") throw error;
    await chmod(hidden, HIDDEN_MODE);
  }
}

/** Whether files that are made in the directory have this group, whatever the groups of the user that makes them. */
export async function handsDownGroup(directory: string, group: number): Promise<boolean> {
  const { mode, gid } = await stat(directory);
  return (mode & SETGID) !== 0 && gid === group;
}
