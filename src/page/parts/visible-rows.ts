/** Where rows of known heights lie, one below the other. Heights and places in pixels. */
export interface RowPlaces {
  /** The top of each row; one more for the end of the last. */
  readonly tops: Float64Array;
  readonly height: number;
}

export function rowPlaces(heights: readonly number[]): RowPlaces {
  const tops = new Float64Array(heights.length + 1);
  for (const [index, height] of heights.entries()) tops[index + 1] = (tops[index] ?? 0) + height;
  return { tops, height: tops[heights.length] ?? 0 };
}

/** The rows that a window from `top` to `bottom` shows: from the first of them to before `to`. Those just outside of it belong to them, for who scrolls or tabs on. */
export function visibleRows(
  { tops }: RowPlaces,
  { top, bottom }: { readonly top: number; readonly bottom: number },
  outside = 8,
): { readonly from: number; readonly to: number } {
  const count = tops.length - 1;
  const first = Math.max(0, firstAfter(tops, top) - 1);
  const last = Math.min(count, firstAfter(tops, bottom));
  return { from: Math.max(0, first - outside), to: Math.min(count, last + outside) };
}

/** The index of the first top that lies below `place`, by halving. */
function firstAfter(tops: Float64Array, place: number): number {
  let low = 0;
  let high = tops.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tops[middle] ?? 0) > place) high = middle;
    else low = middle + 1;
  }
  return low;
}
