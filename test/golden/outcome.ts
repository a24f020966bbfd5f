import { dump, loadAll } from "js-yaml";
import type { Decision } from "../../src/core/decision.ts";
import type { Diagnostic } from "../../src/core/diagnostics/diagnostics.ts";
import { routeLine } from "../../src/observe/log/route-line.ts";

/** What a case must come to. */
export interface Outcome {
  /** The chart's `http` section as a YAML parser reads it from the file's text. */
  readonly expected: Readonly<Record<string, unknown>>;
  /** The other sections, where the chart has any. */
  readonly besides: Readonly<Record<string, unknown>> | undefined;
  readonly hold: string | undefined;
  /** The log's lines about routes; only where there is a past that the catalog changed from. */
  readonly changes: readonly string[] | undefined;
  readonly diagnostics: readonly GoldenDiagnostic[];
}

export interface GoldenDiagnostic {
  readonly code: string;
  readonly subject: string;
  /** In an expectation a piece of the message is enough. */
  readonly message: string;
}

/** What a decision came to. */
export function outcomeOf(decision: Decision, hasPast: boolean): Outcome {
  const [file] = loadAll(decision.text) as readonly { readonly http?: Record<string, unknown> }[];
  const { http = {}, ...besides } = file ?? {};
  return {
    expected: http,
    besides: Object.keys(besides).length === 0 ? undefined : besides,
    hold: holdsOf(decision),
    changes: hasPast ? decision.changes.map((change) => routeLine(change).message) : undefined,
    diagnostics: decision.diagnostics.map(goldenDiagnostic),
  };
}

/** The kind of the hold; of several catalogs each with its name. */
function holdsOf({
  memory: {
    removals: { holds },
  },
}: Decision): string | undefined {
  const kinds = holds.map(({ catalogName, kind }) => (catalogName === undefined ? kind : `${catalogName}: ${kind}`));
  return kinds.length === 0 ? undefined : kinds.join(", ");
}

function goldenDiagnostic({ code, subject, message }: Diagnostic): GoldenDiagnostic {
  const { service, instance, node, origin, catalog } = subject;
  const whose = catalog === undefined ? service : `${catalog}:${service}`;
  return { code, subject: origin ?? `${whose} (${instance} on ${node})`, message };
}

/** The actual outcome with the expected pieces in place of those messages that contain them. */
export function withExpectedPieces(actual: Outcome, expected: Outcome): Outcome {
  const diagnostics = actual.diagnostics.map((diagnostic, i) => {
    const piece = expected.diagnostics[i]?.message;
    return piece !== undefined && diagnostic.message.includes(piece) ? { ...diagnostic, message: piece } : diagnostic;
  });
  return { ...actual, diagnostics };
}

/** As it stands in a case file. */
export function dumpOutcome({ expected, besides, hold, changes, diagnostics }: Outcome): string {
  const outcome = {
    expected,
    ...(besides === undefined ? {} : { besides }),
    ...(hold === undefined ? {} : { hold }),
    ...(changes === undefined ? {} : { changes }),
    diagnostics,
  };
  return dump(outcome, { lineWidth: -1, noRefs: true });
}
