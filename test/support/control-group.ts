import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A control group of the kernel's with a limit of memory, as a container or a unit of systemd's has one. */
export interface ControlGroup {
  /** A process that writes its id here is in the group, with all that it starts from then on. */
  readonly processes: string;
  /** Sets the limit of memory, without swap. */
  limit(mib: number): void;
  /** Once no process is in it. */
  remove(): void;
}

/** Below it groups can be made: where version 1 has its memory controller, or version 2 all of them. */
const V1 = "/sys/fs/cgroup/memory";
const V2 = "/sys/fs/cgroup";

/** What this machine lacks to make one; undefined: nothing. */
export function lacksControlGroups(): string | undefined {
  const root = existsSync(V1) ? V1 : V2;
  try {
    accessSync(root, constants.W_OK);
    if (root === V2 && !readFileSync(join(V2, "cgroup.subtree_control"), "utf8").includes("memory")) {
      return "no memory controller for groups below /sys/fs/cgroup; enable it in cgroup.subtree_control";
    }
    return undefined;
  } catch {
    return `no right to make groups below ${root}; run as root, outside of a container or in one that may write there`;
  }
}

/** Makes a group that has no limit yet. */
export function makeControlGroup(name: string): ControlGroup {
  const isV1 = existsSync(V1);
  const path = join(isV1 ? V1 : V2, name);
  mkdirSync(path);
  const set = (file: string, value: number) => {
    if (existsSync(join(path, file))) writeFileSync(join(path, file), String(value));
  };
  return {
    processes: join(path, "cgroup.procs"),
    limit(mib) {
      const bytes = mib * 2 ** 20;
      if (isV1) {
        // Never below the one of memory alone: the larger one is raised first.
        set("memory.memsw.limit_in_bytes", -1);
        set("memory.limit_in_bytes", bytes);
        set("memory.memsw.limit_in_bytes", bytes);
      } else {
        set("memory.max", bytes);
        set("memory.swap.max", 0);
      }
    },
    remove: () => rmdirSync(path),
  };
}
