import { useEffect, useState } from "preact/hooks";

/** As page.css has it. */
const NARROW = "(max-width: 760px)";

/** Whether the screen is too narrow for columns side by side. */
export function useNarrow(): boolean {
  const [isNarrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const look = () => setNarrow(query.matches);
    look();
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, []);
  return isNarrow;
}
