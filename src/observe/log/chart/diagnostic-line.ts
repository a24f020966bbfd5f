import type { Diagnostic, DiagnosticSubject } from "../../../core/diagnostics/diagnostics.ts";
import { nomadWords } from "../../nomad-words.ts";
import type { EventLog } from "../event-log.ts";

/** Logs that a diagnostic has appeared, with its remedy. */
export function tellFound(log: EventLog, diagnostic: Diagnostic): void {
  const event = diagnostic.severity === "info" ? "diagnostic.noted" : "diagnostic.found";
  // What opens it ends the remedy already.
  const { opens: _, ...told } = diagnostic;
  log.emit(event, `${described(diagnostic)}; ${diagnostic.remedy}`, told);
}

/** Logs that it is no longer so, or that its instance is gone. */
export function tellSettled(
  log: EventLog,
  { code, severity, subject, leavesOut }: Diagnostic,
  end: "settled" | "gone" = "settled",
): void {
  const about = leavesOut?.name ?? keyOfTag(subject);
  const what = about === undefined ? code : `${code} of ${about}`;
  const whose = subject.origin ?? `${serviceIn(subject)} (${placeIn(subject)})`;
  const how = end === "gone" ? `is over: ${whose} is no longer in the catalog` : `is settled for ${whose}`;
  log.emit("diagnostic.cleared", `${what} ${how}`, { code, severity, subject });
}

function serviceIn({ catalog, service }: DiagnosticSubject): string {
  return catalog === undefined ? service : `${catalog}:${service}`;
}

function placeIn(subject: DiagnosticSubject): string {
  return `${subject.instance} on ${subject.node}${nomadWords(subject)}`;
}

/** The tag's key as the diagnostic shows it. */
function keyOfTag({ tag }: DiagnosticSubject): string | undefined {
  return tag?.split("=", 1)[0];
}

function described({ code, subject, message }: Diagnostic): string {
  if (subject.origin !== undefined) return `${code} ${subject.origin}: ${message}`;
  const tag = subject.tag === undefined ? "" : `, tag ${JSON.stringify(subject.tag)}`;
  return `${code} ${serviceIn(subject)} (${placeIn(subject)}${tag}): ${message}`;
}
