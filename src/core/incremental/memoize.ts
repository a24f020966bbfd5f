import { isSameList } from "./same-list.ts";

/**
 * Wraps a pure function of an immutable object: asked about the same object again, it answers from memory, and the answer
 * goes when the object goes. One change among thousands of instances then costs the work for one.
 */
export function memoize<Subject extends object, Answer>(
  derive: (subject: Subject) => Answer,
): (subject: Subject) => Answer {
  // The answers themselves: there are hundreds of thousands, and an object around each is megabytes.
  const answers = new WeakMap<Subject, Answer>();
  return (subject) => {
    const known = answers.get(subject);
    // That something is undefined may be known, too.
    if (known !== undefined || answers.has(subject)) return known as Answer;
    const answer = derive(subject);
    answers.set(subject, answer);
    return answer;
  };
}

/** As `memoize`, for a function of a list that is made anew each time: it is the same list when its items are the same. */
export function memoizeByItems<Item extends object, Answer>(
  derive: (items: readonly Item[]) => Answer,
): (items: readonly Item[]) => Answer {
  const latest = new WeakMap<Item, { readonly items: readonly Item[]; readonly answer: Answer }>();
  return (items) => {
    const [first] = items;
    if (first === undefined) return derive(items);
    let known = latest.get(first);
    if (known === undefined || !isSameList(known.items, items)) {
      known = { items: [...items], answer: derive(items) };
      latest.set(first, known);
    }
    return known.answer;
  };
}

/** As `memoize`, for a function of a text: the latest answer only. Instances of one service ask the same in a row. */
export function memoizeLatest<Answer>(derive: (text: string) => Answer): (text: string) => Answer {
  let latest: { readonly text: string; readonly answer: Answer } | undefined;
  return (text) => {
    if (latest?.text !== text) latest = { text, answer: derive(text) };
    return latest.answer;
  };
}

/** As `memoizeLatest`, for the latest `count` answers and up to as many more: few texts that come in turns. */
export function memoizeRecent<Answer>(count: number, derive: (text: string) => Answer): (text: string) => Answer {
  let recent = new Map<string, { readonly answer: Answer }>();
  let older = recent;
  return (text) => {
    const known = recent.get(text) ?? older.get(text) ?? { answer: derive(text) };
    if (recent.size >= count && !recent.has(text)) [older, recent] = [recent, new Map()];
    recent.set(text, known);
    return known.answer;
  };
}
