import { useEffect, useRef, useState } from "preact/hooks";

/** A later letter comes so soon that rows in between need not be drawn. Short enough to be as one types. */
const TYPING_MS = 60;

/** The field by which a view is narrowed; `/` goes to it, Esc clears it. @param onFilter is told what is typed, shortly after */
export function FilterField({
  value,
  label,
  placeholder,
  onFilter,
}: {
  readonly value: string;
  readonly label: string;
  readonly placeholder: string;
  readonly onFilter: (text: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  const told = useRef(value);
  // The address has changed by another way: a link, or a step back.
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setTyped(value);
  }, [value]);
  useEffect(() => {
    if (typed === told.current) return;
    const timer = setTimeout(() => {
      told.current = typed;
      onFilter(typed);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, onFilter]);
  return (
    <label class="filter">
      <span class="visually-hidden">{label}</span>
      <input
        type="search"
        value={typed}
        placeholder={placeholder}
        maxLength={1_000}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        aria-keyshortcuts="/"
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          if (typed === "") event.currentTarget.blur();
          else setTyped("");
        }}
      />
    </label>
  );
}
