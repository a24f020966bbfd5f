import { type ComponentChildren, Fragment, type TargetedKeyboardEvent } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { rowPlaces, visibleRows } from "./visible-rows.ts";

/** So many rows are printed. */
const MOST_PRINTED = 2_000;

/**
 * Thousands of rows, of which those that are on screen are drawn; the window scrolls them. They stand in an element of the
 * role `rowgroup`: each row has the role `row` and its number of all as `aria-rowindex`. Arrow keys, Home and End go from
 * the first link of a row, or what else can have the focus, to that of the next.
 */
export function VirtualRows({
  heights,
  keyOf,
  row,
  label,
}: {
  /** Of each row in pixels: they are told, not measured. */
  readonly heights: readonly number[];
  readonly keyOf: (index: number) => string;
  /** Draws a row. It gives its outermost element these attributes. */
  readonly row: (index: number, attributes: RowAttributes) => ComponentChildren;
  readonly label: string;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState({ top: 0, bottom: 0 });
  const [isPrinted, setPrinted] = useState(false);
  /** The row that has the focus stays, wherever the window is scrolled to. */
  const [focused, setFocused] = useState<string>();
  const wanted = useRef<string | undefined>(undefined);
  const places = useMemo(() => rowPlaces(heights), [heights]);

  useLayoutEffect(() => {
    const look = () => {
      const top = place.current?.getBoundingClientRect().top ?? 0;
      setShown((before) => {
        const next = { top: -top, bottom: -top + window.innerHeight };
        return before.top === next.top && before.bottom === next.bottom ? before : next;
      });
    };
    look();
    window.addEventListener("scroll", look, { passive: true });
    window.addEventListener("resize", look);
    return () => {
      window.removeEventListener("scroll", look);
      window.removeEventListener("resize", look);
    };
  }, [places]);
  useEffect(() => {
    const before = () => setPrinted(true);
    const after = () => setPrinted(false);
    window.addEventListener("beforeprint", before);
    window.addEventListener("afterprint", after);
    return () => {
      window.removeEventListener("beforeprint", before);
      window.removeEventListener("afterprint", after);
    };
  }, []);
  useLayoutEffect(() => {
    if (wanted.current === undefined) return;
    const link = rowElement(place.current, wanted.current)?.querySelector<HTMLElement>("a, button, [tabindex]");
    if (link == null) return;
    wanted.current = undefined;
    link.focus();
  });

  const count = heights.length;
  const { from, to } = isPrinted ? { from: 0, to: Math.min(count, MOST_PRINTED) } : visibleRows(places, shown);
  const indexes = Array.from({ length: to - from }, (_, position) => from + position);
  if (focused !== undefined && !indexes.some((index) => keyOf(index) === focused)) {
    const kept = heights.findIndex((_, index) => keyOf(index) === focused);
    if (kept >= 0) indexes.push(kept);
  }

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    const current = event.target instanceof Element ? event.target.closest("[data-row]") : null;
    const at = Number(current?.getAttribute("data-row") ?? Number.NaN);
    const next = new Map([
      ["ArrowDown", at + 1],
      ["ArrowUp", at - 1],
      ["Home", 0],
      ["End", count - 1],
    ]).get(event.key);
    if (next === undefined || Number.isNaN(at) || next < 0 || next >= count) return;
    event.preventDefault();
    wanted.current = String(next);
    const top = (place.current?.getBoundingClientRect().top ?? 0) + window.scrollY + (places.tops[next] ?? 0);
    const height = heights[next] ?? 0;
    // The head of the table covers what is at the very top.
    if (top < window.scrollY + 120) window.scrollTo({ top: top - 120 });
    else if (top + height > window.scrollY + window.innerHeight) {
      window.scrollTo({ top: top + height - window.innerHeight + 8 });
    }
    setFocused(keyOf(next));
  };

  return (
    <div
      ref={place}
      class="virtual-rows"
      role="rowgroup"
      aria-label={label}
      style={isPrinted ? {} : { height: `${places.height}px` }}
      onKeyDown={onKeyDown}
      onFocusIn={(event) => {
        const current = event.target instanceof Element ? event.target.closest("[data-row]") : null;
        const index = current?.getAttribute("data-row");
        setFocused(index == null ? undefined : keyOf(Number(index)));
      }}
      onFocusOut={() => setFocused(undefined)}
    >
      {indexes.map((index) => (
        <Fragment key={keyOf(index)}>
          {row(index, {
            role: "row",
            "data-row": String(index),
            // The head is the first.
            "aria-rowindex": index + 2,
            style: isPrinted
              ? {}
              : { transform: `translateY(${places.tops[index] ?? 0}px)`, height: `${heights[index] ?? 0}px` },
          })}
        </Fragment>
      ))}
    </div>
  );
}

/** What a row gives its outermost element. */
export interface RowAttributes {
  readonly role: "row";
  readonly "data-row": string;
  readonly "aria-rowindex": number;
  readonly style: { readonly transform?: string; readonly height?: string };
}

function rowElement(place: HTMLElement | null, index: string): Element | null {
  return place?.querySelector(`[data-row="${index}"]`) ?? null;
}
