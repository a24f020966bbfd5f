import { addressOf, type View } from "../addresses.ts";

/** A part of a view that has an address of its own. */
export interface PartLink {
  readonly name: string;
  readonly title: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** How much there is of it; absent where it is no list. */
  readonly count?: number;
}

/** The parts of a view as links, of which one is shown. */
export function PartLinks({
  label,
  view,
  parts,
  shown,
}: {
  readonly label: string;
  readonly view: View;
  readonly parts: readonly PartLink[];
  readonly shown: string;
}) {
  return (
    <nav class="parts" aria-label={label}>
      {parts.map(({ name, title, query, count }) => (
        <a key={name} href={addressOf(view, query)} aria-current={name === shown ? "true" : undefined}>
          {title}
          {count === undefined ? null : <span class="quiet"> {count.toLocaleString("en")}</span>}
        </a>
      ))}
    </nav>
  );
}
