import { useEffect } from "preact/hooks";
import { addressOf } from "../addresses.ts";
import { useLive } from "../live/use-live.ts";
import { useAnnounce } from "../parts/announcer.tsx";
import { Badge } from "../parts/badge.tsx";
import { shown } from "../parts/shown.ts";
import { connectionWords } from "./connection-words.ts";

/** Ready or not, as `/readyz` says it. */
export function Readiness() {
  const status = useLive((known) => known.status);
  if (status === undefined) return null;
  return (
    <a class="readiness" href={addressOf("attention")}>
      {status.ready ? <Badge tone="good">ready</Badge> : <Badge tone="bad">not ready</Badge>}
    </a>
  );
}

/** Whether what is shown is of now. */
export function ConnectionState() {
  const connection = useLive((known) => known.connection);
  const { brief, whole } = connectionWords(connection, Date.now());
  const tone = { connecting: "quiet", live: "good", polling: "warning", away: "bad", outdated: "bad" } as const;
  return (
    <span class="connection" title={shown(whole)}>
      <Badge tone={tone[connection.kind]} sign={connection.kind === "live" ? "●" : "○"}>
        {brief}
      </Badge>
    </span>
  );
}

/** What everyone who looks must know, below the head: why it is not ready, and that what is shown is old. */
export function Trouble() {
  const connection = useLive((known) => known.connection);
  const status = useLive((known) => known.status);
  const isOutdated = connection.kind === "outdated";
  const old = connection.kind === "away" || isOutdated ? connectionWords(connection, Date.now()).whole : "";
  const reasons = status?.ready === false ? status.reasons : [];
  const announce = useAnnounce();
  useEffect(() => announce(old), [old, announce]);
  const isReady = status?.ready;
  useEffect(() => {
    if (isReady === false) announce("portolan is not ready");
  }, [isReady, announce]);
  if (old === "" && reasons.length === 0) return null;
  return (
    <section class="trouble" aria-label="State of the daemon">
      {old === "" ? null : (
        <p>
          {old}{" "}
          {isOutdated ? (
            <button type="button" class="button-small" onClick={() => location.reload()}>
              Load the page anew
            </button>
          ) : null}
        </p>
      )}
      {reasons.length === 0 ? null : (
        <>
          <p>Not ready:</p>
          <ul>
            {reasons.map((reason) => (
              <li key={reason}>
                <bdi>{shown(reason)}</bdi>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
