import { existsSync } from "node:fs";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Printed } from "../../cli/commands/check/printed.ts";

/** The machine's own, which write nowhere but where they are told. */
const HARMLESS = ["cat", "cp", "grep", "head", "mkdir", "sed", "sort", "tail", "wc"];

/** A program as it was called on the stage. */
export interface Call {
  readonly program: string;
  readonly words: readonly string[];
  readonly directory: string;
  /** What came by standard input, where one of the words is `-`. */
  readonly stdin: string;
}

export interface Programs {
  /** The folder to put first on the PATH. */
  readonly folder: string;
  close(): Promise<void>;
}

/** Makes programs of these names that a shell can call, and answers them in this process, one after the other. */
export async function openPrograms(
  root: string,
  names: readonly string[],
  answer: (call: Call) => Promise<Printed>,
): Promise<Programs> {
  const folder = join(root, "bin");
  const socket = join(root, "programs.sock");
  await mkdir(folder);
  for (const name of names) {
    const path = join(folder, name);
    await writeFile(
      path,
      `#!/bin/sh\nexec '${process.execPath}' '${join(import.meta.dirname, "ask.mjs")}' '${socket}' ${name} "$@"\n`,
    );
    await chmod(path, 0o755);
  }
  for (const name of HARMLESS) {
    const path = ["/usr/bin", "/bin"].map((directory) => join(directory, name)).find((one) => existsSync(one));
    if (path !== undefined) await symlink(path, join(folder, name));
  }
  let before: Promise<unknown> = Promise.resolve();
  const server = createServer({ allowHalfOpen: true }, async (connection) => {
    const call = JSON.parse(await text(connection)) as Call;
    const answered = before.then(() => answer(call));
    before = answered.catch(() => {});
    connection.end(JSON.stringify(await answered));
  });
  await new Promise<void>((resolve) => void server.listen(socket, resolve));
  return {
    folder,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
