import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, realpathSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A fresh directory for one test file or test; remove it with `remove`. */
export function createScratch(parent = tmpdir()): { readonly dir: string; remove(): void } {
  const dir = mkdtempSync(join(realpathSync(parent), "portolan-output-"));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Every name in the directory that is a staging file. */
export function stagingFilesIn(dir: string): readonly string[] {
  return readdirSync(dir).filter((name) => name.endsWith(".staging"));
}

export function mount(args: readonly string[]): void {
  execFileSync("mount", args, { stdio: "pipe" });
}

export function unmount(target: string): void {
  execFileSync("umount", [target], { stdio: "pipe" });
}

/** Mounting needs root and its capabilities; asked by doing it, since containers often have one without the other. */
export function canMount(): boolean {
  const scratch = createScratch();
  try {
    mount(["-t", "tmpfs", "-o", "size=64k", "tmpfs", scratch.dir]);
    unmount(scratch.dir);
    return true;
  } catch {
    return false;
  } finally {
    scratch.remove();
  }
}

/** Is /dev/shm another file system than the one that scratch directories are on? */
export function hasOtherFileSystem(): boolean {
  try {
    return statfsSync("/dev/shm").type !== statfsSync(tmpdir()).type;
  } catch {
    return false;
  }
}

export const isRoot = process.getuid?.() === 0;
