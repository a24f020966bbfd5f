import { memoize } from "./memoize.ts";

/**
 * Who makes a map of another one knows which keys it has changed. Noted, that saves others from comparing thousands of
 * entries: they ask which keys may differ between two maps, however many were made between them.
 *
 * What is noted of a map goes when the map goes, and keeps no other map alive: a mark stands for each of those before it.
 */
type Mark = object;

/** The keys in which a map may differ from the one that it was made of, in one step or several. */
interface Step {
  readonly from: Mark;
  readonly keys: readonly unknown[];
}

interface Lineage {
  readonly mark: Mark;
  /** The latest first; the keys of each of them come on top of those before it. */
  readonly steps: readonly Step[];
}

/** A pass makes a handful of maps of each map of the last one. */
const MOST_STEPS = 24;
/** With more than this it is no longer cheaper to go by the keys than by the entries. */
const MOST_KEYS = 1024;

/** Of a map. */
const lineageOf = memoize((_: object): { known: Lineage } => ({ known: { mark: {}, steps: [] } }));

/** Notes that `made` differs from `from` in no other keys than these. Neither of them may be changed from then on. */
export function noteChanges<Key>(
  made: ReadonlyMap<Key, unknown>,
  from: ReadonlyMap<Key, unknown>,
  keys: Iterable<Key>,
): void {
  if (made === from) return;
  const before = lineageOf(from).known;
  const own = lineageOf(made);
  const steps: Step[] = [];
  let left = MOST_KEYS;
  for (const step of [{ from: before.mark, keys: [...keys] }, ...before.steps]) {
    left -= step.keys.length;
    if (left < 0 || steps.length === MOST_STEPS) break;
    steps.push(step);
  }
  own.known = { mark: own.known.mark, steps };
}

/**
 * The keys among which all those are in which the two maps differ. Undefined where no notes lead from one to the other, nor
 * from both to one that they were made of.
 */
export function keysBetween<Key>(
  before: ReadonlyMap<Key, unknown>,
  after: ReadonlyMap<Key, unknown>,
): ReadonlySet<Key> | undefined {
  const keys = new Set<unknown>();
  const [one, other] = [lineageOf(before).known, lineageOf(after).known];
  const marks = [one.mark, ...one.steps.map(({ from }) => from)];
  for (const mark of ancestry(other, keys)) {
    const common = marks.indexOf(mark);
    if (common === -1) continue;
    for (const step of one.steps.slice(0, common)) for (const key of step.keys) keys.add(key);
    return keys as ReadonlySet<Key>;
  }
  return undefined;
}

/** The map's own mark, and those of the maps that it was made of. @param keys gets those that changed on the way there */
function* ancestry({ mark, steps }: Lineage, keys: Set<unknown>): Generator<Mark> {
  yield mark;
  for (const step of steps) {
    for (const key of step.keys) keys.add(key);
    yield step.from;
  }
}

/**
 * Wraps a pure function of a map, as `memoize` does: asked about a map of which an earlier one is known, it corrects what it
 * answered then by the keys that have changed. An answer must not depend on the way that led to it.
 *
 * @param correct the answer for `map`, by the one for an earlier map that differs from it in no other keys than these
 */
export function memoizeByLineage<Key, Value, Answer>(
  derive: (map: ReadonlyMap<Key, Value>) => Answer,
  correct: (known: Answer, map: ReadonlyMap<Key, Value>, keys: ReadonlySet<Key>) => Answer,
): (map: ReadonlyMap<Key, Value>) => Answer {
  const answers = new WeakMap<Mark, { readonly answer: Answer }>();

  /** Marks live for some passes longer than their maps; who asks now will ask about one of those that are made of this one. */
  function forgetBefore(mark: Mark, { steps }: Lineage): void {
    const at = steps.findIndex(({ from }) => from === mark);
    for (const { from } of steps.slice(at + 1)) answers.delete(from);
  }

  return (map) => {
    const lineage = lineageOf(map).known;
    const keys = new Set<unknown>();
    for (const mark of ancestry(lineage, keys)) {
      const known = answers.get(mark);
      if (known === undefined) continue;
      if (mark === lineage.mark) return known.answer;
      const answer = correct(known.answer, map, keys as ReadonlySet<Key>);
      answers.set(lineage.mark, { answer });
      forgetBefore(mark, lineage);
      return answer;
    }
    const answer = derive(map);
    answers.set(lineage.mark, { answer });
    return answer;
  };
}
