import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readBoundedRegular } from "../base/bounded-file.ts";
import { systemReason } from "../base/system-code.ts";
import type { FoundFile } from "../core/operator-config/assemble.ts";
import type { FileProblem } from "../core/traefik/decode/file-problem.ts";
import { parseSnippet } from "./parse.ts";

/**
 * The `.yml` and `.yaml` files of a folder in the order of their names, each read and parsed or with its problem; hidden
 * files and folders below are left out. A folder that cannot be read is a single problem: its files are unknown.
 */
export async function readSnippets(folder: string): Promise<readonly FoundFile[] | FileProblem> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    return unreadable(systemReason(error), "name a folder that portolan's user may read, with the setting snippets");
  }
  const wanted = names.filter((name) => /^[^.].*\.ya?ml$/i.test(name)).sort((a, b) => (a < b ? -1 : 1));
  return Promise.all(wanted.map((name) => readSnippet(join(folder, name))));
}

async function readSnippet(name: string): Promise<FoundFile> {
  const found = await readBoundedRegular(name);
  if (found.kind === "read") return { name, ...parseSnippet(found.text) };
  return { name, problem: unreadable(found.reason, "make it a file that portolan's user may read, or remove it") };
}

function unreadable(reason: string, remedy: string): FileProblem {
  return { path: "", message: `cannot be read (${reason})`, remedy };
}
