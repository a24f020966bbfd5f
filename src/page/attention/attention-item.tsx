import { addressOf } from "../addresses.ts";
import { Age } from "../parts/age.tsx";
import { Badge } from "../parts/badge.tsx";
import { CopyButton } from "../parts/copy-button.tsx";
import { ExplainLink } from "../parts/explain-link.tsx";
import { Moment } from "../parts/moment.tsx";
import { Name } from "../parts/name.tsx";
import { SEVERITY_TONES } from "../parts/tones.ts";
import type { AttentionItem } from "./attention-items.ts";

/** One thing to look at: what, since when, until when, what is known of it, and what ends it. */
export function Item({ item }: { readonly item: AttentionItem }) {
  const { severity, title, says, since, ends, toCopy, explains, more, view } = item;
  return (
    <li class={`attention tone-${SEVERITY_TONES[severity]}`}>
      <h3>
        <Badge tone={SEVERITY_TONES[severity]}>{severity}</Badge> <Name text={title} />
      </h3>
      {since === undefined && ends === undefined ? null : (
        <p class="quiet">
          {since === undefined ? null : (
            <>
              since <Moment at={since} /> (<Age since={since} />)
            </>
          )}
          {ends === undefined ? null : ends === null ? (
            "; ends at no time of its own"
          ) : (
            <>
              ; ends by itself at <Moment at={ends} />
            </>
          )}
        </p>
      )}
      {says.map((sentence) => (
        <p key={sentence}>
          <Name text={sentence} />
        </p>
      ))}
      {toCopy.length === 0 ? null : (
        <p class="copies">
          {toCopy.map(({ what, text }) => (
            <span key={text}>
              <code>
                <Name text={text} />
              </code>{" "}
              <CopyButton text={text} what={what} />
            </span>
          ))}
        </p>
      )}
      {explains.length === 0 && view === undefined ? null : (
        <p class="explains">
          {explains.length === 0 ? null : <span class="quiet">Explain: </span>}
          {explains.map((about) => (
            <ExplainLink key={about} name={about} />
          ))}
          {more > 0 ? <span class="quiet">and {more} more</span> : null}
          {view === undefined ? null : <a href={addressOf(view.name, view.query)}>{view.says}</a>}
        </p>
      )}
    </li>
  );
}
