import { nearest } from "../../../base/nearest.ts";
import type { Finding } from "../../diagnostics/finding.ts";
import { type LintCheck, listAt, type Subject, titleOf } from "./subject.ts";

/**
 * Traefik listens for a router at those of its entry points that exist, and disables it when none does. Judged only where
 * the operator has declared which there are. A router that names none gets Traefik's default.
 */
export const checkEntryPoints: LintCheck = (subject, settings) => {
  if (settings.entryPoints.length === 0) return [];
  const named = listAt(subject.object, "entryPoints").map(String);
  const unknown = named.filter((name) => !settings.entryPoints.includes(name));
  const isLost = named.length > 0 && unknown.length === named.length;
  return unknown.map((name) => describe(subject, name, settings.entryPoints, isLost));
};

function describe(subject: Subject, name: string, declared: readonly string[], isLost: boolean): Finding {
  const meant = nearest(name, declared);
  const correction = meant === undefined ? "name one of them" : `write ${JSON.stringify(meant)}`;
  return {
    code: isLost ? "ENTRYPOINT_MISSING" : "ENTRYPOINT_UNKNOWN",
    message: `${titleOf(subject)} names the entry point ${JSON.stringify(name)}, declared are ${declared.join(", ")}${isLost ? "; it is left with none" : ""}`,
    remedy: `${correction}, or declare it in the settings: traefik: { entryPoints: [${[...declared, name].map((one) => JSON.stringify(one)).join(", ")}] }`,
  };
}
