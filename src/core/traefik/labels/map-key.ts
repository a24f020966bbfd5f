import { type LabelProblem, maskedTag } from "./label-problem.ts";
import type { Label } from "./labels.ts";

/** The YAML parser of Traefik gives up on a key whose text in the file, quotes included, is longer than 1024 characters. */
const MAX_WRITTEN_LENGTH = 1022;

/** What forbids a name or key that an operator chose, if anything does: one that is too long makes Traefik refuse the file. */
export function mapKeyProblem(key: string, label: Label): LabelProblem | undefined {
  const flaw = lengthFlaw(key);
  if (flaw === undefined) return;
  return {
    code: "TAG_UNPARSABLE",
    tag: maskedTag(label),
    message: `a name in the tag ${flaw}`,
    remedy: "choose a shorter name",
  };
}

/** Why the name or key is too long for a file, if it is. */
export function lengthFlaw(key: string): string | undefined {
  if (key.length * MOST_FOR_ONE <= MAX_WRITTEN_LENGTH) return undefined;
  const length = writtenLength(key);
  if (length <= MAX_WRITTEN_LENGTH) return undefined;
  return `takes ${length} characters in a file, at most ${MAX_WRITTEN_LENGTH} are allowed`;
}

/** The length of an escape. */
const MOST_FOR_ONE = 6;

/** Whatever may have to be escaped counts as an escape. */
function writtenLength(key: string): number {
  let length = key.length;
  for (let i = 0; i < key.length; i++) if (!isPlain(key.charCodeAt(i))) length += MOST_FOR_ONE - 1;
  return length;
}

/** Visible ASCII except for `"`, `\` and `{`. */
function isPlain(unit: number): boolean {
  return unit >= 0x20 && unit < 0x7f && unit !== 0x22 && unit !== 0x5c && unit !== 0x7b;
}
