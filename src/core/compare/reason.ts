import type { DiagnosticCode } from "../diagnostics/diagnostics.ts";

/**
 * Why something differs between a running Traefik's own provider and the chart, by what both decided. `served`: for requests
 * it makes no difference, or portolan serves more.
 */
export const DIFFERENCE_REASONS = {
  "left-out": {
    doc: "portolan leaves it out, and says why by this code (docs/diagnostics.md)",
  },
  "deleted-in-traefik": {
    doc: "Traefik's provider deletes the name, since it is defined several times and differently; portolan serves its owner",
  },
  "refused-in-traefik": {
    doc: "Traefik's provider takes nothing of the instance for one mistake; portolan leaves out that part alone",
  },
  "hidden-in-traefik": {
    doc: "Traefik's provider does not look at the instance: it judges a service by the tags of all its instances together, and an exposing tag by its spelling",
  },
  "overwritten-in-traefik": {
    doc: "up to Traefik 3.7.12 its provider hears only the last of several instances whose node, service and id read alike, or whose namespace alone differs",
  },
  unused: {
    doc: "no router of the chart leads there, so that it is not written",
  },
  operator: {
    doc: "the operator defines it, in the settings or a snippet",
  },
  kept: {
    doc: "no instance asks for it at the moment: portolan keeps the router for a while, where Traefik's provider drops it at once",
  },
  servers: {
    doc: "other instances get traffic",
  },
  "health-check": {
    doc: "Traefik's health checks follow no redirect, and ask nothing but the instance itself",
  },
  "cookie-name": {
    doc: "the name of the default sticky cookie is made from the provider's name: clients move to another server once",
  },
  "other-definition": {
    doc: "instances or services define it differently, and another definition counts",
  },
  "own-tags": {
    doc: "a tag of portolan's own (portolan.…) or a setting of `backends` says so",
  },
  "other-view": {
    doc: "with the present settings, Traefik's own provider would have something else: its options are others (prefix, exposedByDefault, defaultRule, constraints, strictChecks, datacenter, namespaces), or the catalog has changed between the two reads",
  },
  unknown: { doc: "no decision that portolan knows explains it" },
} as const satisfies Record<string, { readonly doc: string }>;

export type DifferenceKind = keyof typeof DIFFERENCE_REASONS;

/** The reason of one difference. */
export interface DifferenceReason {
  readonly kind: DifferenceKind;
  /** Of what was left out. */
  readonly code?: DiagnosticCode;
  /** What was found, by the data that decided it. */
  readonly message?: string;
  readonly remedy?: string;
}

/** How a group of differences is called: the code of a diagnostic where there is one. */
export function groupOf({ kind, code }: DifferenceReason): string {
  return code ?? kind;
}
