import { useEffect, useState } from "preact/hooks";
import type { StatusAnswer } from "../api/resources/status.ts";

/** What stands around every view. */
export function Shell() {
  const [status, setStatus] = useState<StatusAnswer>();
  useEffect(() => {
    const ending = new AbortController();
    fetch("v1/status", { signal: ending.signal })
      .then((answer) => answer.json())
      .then(setStatus)
      .catch(() => setStatus(undefined));
    return () => ending.abort();
  }, []);
  if (status === undefined) return <p>Reading the status of portolan.</p>;
  return (
    <main>
      <h1>portolan {status.version}</h1>
      <p>{status.ready ? "ready" : status.reasons.join("; ")}</p>
    </main>
  );
}
