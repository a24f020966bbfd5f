import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  /** Of its first line of text, from 1 on. */
  readonly line: number;
  /** Behind the fence; empty where nothing is said. */
  readonly language: string;
  readonly text: string;
  /** The nearest heading above it. */
  readonly section: string;
}

/** What is typed, and what the page says is printed; in a block without prompts all lines are typed. */
export interface Step {
  readonly typed: string;
  readonly shown: string;
}

/** A block with something to type. */
export interface CommandBlock extends Block {
  readonly steps: readonly [Step, ...Step[]];
}

const LANGUAGES_OF_SHELLS = new Set(["sh", "bash", "shell", "console"]);
const PROMPT = "$ ";

/** The pages that people read: all but the notes of versions, and what tests keep as samples. */
export function documentedPages(): readonly string[] {
  const globs = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/**/*.md", "deploy/**/*.md", "nomad-jobs/**/*.md"];
  return globSync([...globs, "test/*/README.md", "src/*/README.md"], { cwd: ROOT }).sort();
}

export function readPage(page: string): string {
  return readFileSync(join(ROOT, page), "utf8");
}

/** The fenced blocks of a page; one that is never closed is an error. */
export function blocksOf(page: string, text: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { fence: string; language: string; line: number; lines: string[] } | undefined;
  let section = "";
  for (const [i, line] of text.split("\n").entries()) {
    const [, indent = "", fence = "", language = ""] = /^(\s*)(`{3,})(\S*)\s*$/.exec(line) ?? [];
    if (open === undefined) {
      section = /^#+ (.*)/.exec(line)?.[1] ?? section;
      if (fence !== "") open = { fence: indent + fence, language, line: i + 2, lines: [] };
    } else if (line.trimEnd() === open.fence) {
      const { language: said, lines, line: first } = open;
      const cut = open.fence.length - open.fence.trimStart().length;
      blocks.push({ page, section, language: said, line: first, text: lines.map((one) => one.slice(cut)).join("\n") });
      open = undefined;
    } else {
      open.lines.push(line);
    }
  }
  if (open !== undefined) throw new Error(`${page}:${open.line - 1}: this block is never closed`);
  return blocks;
}

/** The blocks with something to type: those of a shell, and any in which a line begins with the prompt. */
export function commandBlocksIn(blocks: readonly Block[]): readonly CommandBlock[] {
  return blocks.flatMap((block) => {
    const [first, ...more] = stepsOf(block);
    return first === undefined ? [] : [{ ...block, steps: [first, ...more] as const }];
  });
}

function stepsOf({ language, text }: Block): readonly Step[] {
  const lines = text.split("\n");
  if (!lines.some((line) => line.startsWith(PROMPT))) {
    return LANGUAGES_OF_SHELLS.has(language) ? [{ typed: text, shown: "" }] : [];
  }
  const steps: { typed: string[]; shown: string[] }[] = [];
  let isGoingOn = false;
  for (const line of lines) {
    const last = steps.at(-1);
    if (line.startsWith(PROMPT)) steps.push({ typed: [line.slice(PROMPT.length)], shown: [] });
    else if (isGoingOn) last?.typed.push(line);
    else last?.shown.push(line);
    isGoingOn = line.endsWith("\\") && (line.startsWith(PROMPT) || isGoingOn);
  }
  return steps.map(({ typed, shown }) => ({ typed: typed.join("\n"), shown: shown.join("\n").trimEnd() }));
}
