import { rangeBetween } from "./changed-range.ts";

/** What was found of an item, and where in its list the item is. */
interface FoundAt<Found> {
  readonly position: number;
  readonly found: Found;
}

/**
 * Finds the items of a list of which a pure function says something: few of thousands, as a rule. Of a list that is like the
 * last one only what differs is looked at. What is found is in the order of the list.
 *
 * @param find what there is to say of an item; undefined for nothing
 */
export function foundAmong<Item extends object, Found>(
  find: (item: Item) => Found | undefined,
): (list: readonly Item[]) => readonly Found[] {
  let last: { readonly list: readonly Item[]; readonly places: readonly FoundAt<Found>[] } = { list: [], places: [] };
  let answer: readonly Found[] = [];
  return (list) => {
    const { start, endBefore, endAfter } = rangeBetween(last.list, list);
    if (endBefore > start || endAfter > start) {
      const shift = endAfter - endBefore;
      const places: FoundAt<Found>[] = last.places.filter(({ position }) => position < start);
      for (let position = start; position < endAfter; position += 1) {
        const item = list[position];
        const found = item && find(item);
        if (found !== undefined) places.push({ position, found });
      }
      for (const { position, found } of last.places) {
        if (position >= endBefore) places.push({ position: position + shift, found });
      }
      last = { list, places };
      answer = places.map(({ found }) => found);
    }
    return answer;
  };
}
