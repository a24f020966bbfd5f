import { useEffect } from "preact/hooks";

/** `/` goes to the filter of the view. A key that is typed into a field is the field's. */
export function useKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target;
      if (target instanceof HTMLElement && target.closest("input, textarea, select, dialog") !== null) return;
      const filter = document.querySelector<HTMLInputElement>("main input[type=search]");
      if (filter === null) return;
      event.preventDefault();
      filter.focus();
      filter.select();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
