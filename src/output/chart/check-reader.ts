import { realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode } from "../../base/system-code.ts";

/** The rights that the chart will have on the disk. */
export interface ChartRights {
  readonly path: string;
  /** Permission bits of the file. */
  readonly mode: number;
  /** Its group; default: that of its directory. */
  readonly gid: number | undefined;
}

const READ = 0o4;
const SEARCH = 0o1;

/**
 * Why only the file's owner and root would be able to read the chart, as far as modes show. Traefik's user is not known: it is
 * a member of the file's group, or any other user. Undefined where one of the two can read it, and where a directory is
 * missing, which other checks report.
 */
export async function whyUnreadable({ path, mode, gid }: ChartRights): Promise<string | undefined> {
  try {
    const directory = await realpath(dirname(path));
    const group = gid ?? (await stat(directory)).gid;
    const forGroup = (mode & (READ << 3)) === 0 ? "its mode" : await closedTo(directory, group);
    const forOthers = (mode & READ) === 0 ? "its mode" : await closedTo(directory, undefined);
    if (forGroup === undefined || forOthers === undefined) return undefined;
    const closed = forGroup === "its mode" ? `output.mode ${octal(mode)} lets` : `the mode of ${forGroup} lets`;
    return `${closed} only its owner and root read ${path}; if Traefik runs as another user, let group ${group} in (chmod g+rx on the directory, g+x above it, output.mode 0640) and make Traefik's user a member of it`;
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return undefined;
  }
}

/** The directory on the way to the file that does not let the group (or, without one, all other users) pass. */
async function closedTo(directory: string, group: number | undefined): Promise<string | undefined> {
  let needed = READ | SEARCH;
  for (let at = directory; ; at = dirname(at)) {
    const { mode, gid } = await stat(at);
    const granted = gid === group ? mode >> 3 : mode;
    if ((granted & needed) !== needed) return at;
    if (at === dirname(at)) return undefined;
    // Only the file's own directory is listed; those above it are passed.
    needed = SEARCH;
  }
}

function octal(mode: number): string {
  return `0${mode.toString(8)}`;
}
