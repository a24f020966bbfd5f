import { constants } from "node:fs/promises";
import { dirname } from "node:path";
import { removeStale, replaceFile } from "../files/atomic-file.ts";
import { outputError } from "../files/output-error.ts";
import { makePrivateDirectory } from "../files/private-directory.ts";
import { openIfPresent, sizeIfPresent } from "../files/read-file.ts";
import type { JournalContent, JournalItems, JournalShape } from "./journal-content.ts";
import { readJournal } from "./journal-text.ts";
import type { LoadedState, ReadState } from "./loaded-state.ts";
import { setAside } from "./set-aside.ts";

export interface JournalFileOptions<Head, Item, Items extends JournalItems<Item>> extends JournalShape<Head, Item> {
  readonly path: string;
  /** An item as plain JSON; the head must be plain JSON itself. */
  encodeItem(item: Item): unknown;
  /** Whether an item need not be written again; asked of all items that may have changed. */
  isSame(one: Item, other: Item): boolean;
  /** The keys among which are those of all items that differ; undefined where that is not known: then all are compared. */
  keysBetween(before: Items, after: Items): Iterable<string> | undefined;
}

export interface JournalFile<Head, Item, Items extends JournalItems<Item>> {
  /**
   * Reads what was saved last. A save that a kill cut off counts as not done, and `note` says so. A file that cannot be
   * understood is set aside. Throws an AppError (E_OUTPUT_…) only if the disk cannot be used.
   */
  load(): Promise<LoadedState<JournalContent<Head, Item>>>;
  /** Reads the same and touches nothing: for a process that does not keep the file. Throws an AppError (E_OUTPUT_…). */
  look(): Promise<ReadState<JournalContent<Head, Item>>>;
  /**
   * Makes this the content; it is on the disk when the promise resolves. Costs what has changed since the last save. Mode
   * 0600 in a directory of mode 0700. Throws E_OUTPUT_…; one save at a time.
   */
  save(content: JournalContent<Head, Item, Items>, nowMs: number): Promise<void>;
}

/** The file is written anew once what was appended is more than this many bytes and more than a quarter of the whole. */
const SMALL_BYTES = 64 * 1024;
const APPENDED_SHARE = 1 / 4;

/** Lines that are made between two writes: a millisecond or two for items of a kilobyte. */
const LINES_AT_ONCE = 64;

/**
 * Many items that outlive the process, of which few change at a time. The first line names the format; then come items,
 * one a line (`["KEY",ITEM]`, or `["KEY"]` for one that is gone), and after those of one save a line with the head. A
 * save appends what has changed; now and then, and always at the first time, everything is written anew.
 */
export function createJournalFile<Head, Item, Items extends JournalItems<Item> = ReadonlyMap<string, Item>>(
  options: JournalFileOptions<Head, Item, Items>,
): JournalFile<Head, Item, Items> {
  const { path, format, encodeItem, isSame, keysBetween } = options;
  const directory = dirname(path);
  /** What the file holds, as far as this process has written it. */
  let saved: (JournalContent<Head, Item, Items> & { readonly wholeBytes: number; readonly bytes: number }) | undefined;

  async function writeWhole(content: JournalContent<Head, Item, Items>, nowMs: number): Promise<void> {
    saved = undefined;
    await makePrivateDirectory(directory);
    const text = { [Symbol.iterator]: () => inBlocks(wholeLines(content), endLine(content.head, nowMs)) };
    await replaceFile({ path, text, stagingDir: directory, mode: 0o600 });
    const bytes = await sizeIfPresent(path);
    // Where the file is gone again, the next save writes it anew.
    if (bytes !== undefined) saved = { ...content, wholeBytes: bytes, bytes };
  }

  function* wholeLines({ items }: JournalContent<Head, Item, Items>): Generator<string> {
    yield JSON.stringify({ portolan: "journal", format });
    yield* itemLines(items.keys(), items);
  }

  function* itemLines(keys: Iterable<string>, items: Items): Generator<string> {
    for (const key of keys) {
      const item = items.get(key);
      yield JSON.stringify(item === undefined ? [key] : [key, encodeItem(item)]);
    }
  }

  /** False where the file is not as this process left it: then it has to be written anew. */
  async function append(content: JournalContent<Head, Item, Items>, changed: readonly string[], nowMs: number) {
    const before = saved;
    const file = before && (await openIfPresent(path, "write", constants.O_WRONLY | constants.O_APPEND));
    if (file === undefined) return false;
    // Should this fail halfway, the next save must not append to what it leaves.
    saved = undefined;
    try {
      if ((await file.stat()).size !== before?.bytes) return false;
      let { bytes } = before;
      for (const block of inBlocks(itemLines(changed, content.items), endLine(content.head, nowMs))) {
        const appended = Buffer.from(block);
        await file.appendFile(appended);
        bytes += appended.length;
      }
      await file.datasync();
      saved = { ...content, wholeBytes: before.wholeBytes, bytes };
      return true;
    } catch (error) {
      throw outputError(error, "write", path);
    } finally {
      await file.close();
    }
  }

  function changedSince(before: Items, { items }: JournalContent<Head, Item, Items>): readonly string[] {
    if (before === items) return [];
    return [...(keysBetween(before, items) ?? new Set([...items.keys(), ...before.keys()]))].filter((key) => {
      const [known, item] = [before.get(key), items.get(key)];
      return known === undefined || item === undefined ? known !== item : !isSame(known, item);
    });
  }

  return {
    async load() {
      await removeStale({ path, stagingDir: directory });
      const read = await readJournal(path, options);
      if (read.kind !== "unusable") return read;
      return { kind: "setAside", reason: read.reason, movedTo: await setAside(path, read.label) };
    },
    look: () => readJournal(path, options),
    async save(content, nowMs) {
      if (saved === undefined) return writeWhole(content, nowMs);
      const changed = changedSince(saved.items, content);
      if (changed.length === 0 && JSON.stringify(content.head) === JSON.stringify(saved.head)) return;
      const isFull = saved.bytes - saved.wholeBytes > Math.max(SMALL_BYTES, saved.wholeBytes * APPENDED_SHARE);
      const isMost = changed.length > Math.max(LINES_AT_ONCE, content.items.size * APPENDED_SHARE);
      if (isFull || isMost || !(await append(content, changed, nowMs))) await writeWhole(content, nowMs);
    },
  };
}

function endLine(head: unknown, nowMs: number): string {
  return JSON.stringify({ writtenAtMs: nowMs, head });
}

/** Some lines at a time, so that other work goes on while a block is written. */
function* inBlocks(lines: Iterable<string>, last: string): Generator<string> {
  let block: string[] = [];
  for (const line of lines) {
    block.push(line);
    if (block.length < LINES_AT_ONCE) continue;
    yield `${block.join("\n")}\n`;
    block = [];
  }
  yield `${[...block, last].join("\n")}\n`;
}
