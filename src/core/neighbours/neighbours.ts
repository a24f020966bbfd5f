import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import type { ResourceKey } from "../traefik/chart/dynamic-config.ts";

/**
 * What is known of the neighbours: the other files that Traefik's file provider loads from the chart's directory. Of several
 * files that define a name Traefik takes the first in the order of file names, silently.
 */
export interface Neighbours {
  /** What they define. A name that the operator defines counts as the operator's, whatever a peer's chart says of it. */
  readonly names: ReadonlyMap<ResourceKey, NeighbourName>;
  /** Whether `names` has all of them: no file is a template, unreadable or beyond the bounds. */
  readonly isComplete: boolean;
  /** What the operator should know about the files. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A name that a neighbour defines. */
export interface NeighbourName {
  readonly file: string;
  /** `operator`: a file written by hand; `peer`: another portolan's chart. */
  readonly whose: "operator" | "peer";
  /** Whether Traefik reads the file before the chart. */
  readonly isRead: "before" | "after";
  /** What a peer's chart means by the name, without servers, as text; undefined for the operator's, whose values are not kept. */
  readonly shape?: string;
}

export const NO_NEIGHBOURS: Neighbours = { names: new Map(), isComplete: false, diagnostics: [] };

/**
 * Whether a neighbour has the name, so that no service of this chart gets it with this meaning:
 *
 * | the name is in | and Traefik reads it | |
 * |---|---|---|
 * | a file of the operator's | before or after the chart | the name is the operator's |
 * | a peer's chart, with the same meaning | before or after | both have it; the servers of the first chart serve |
 * | a peer's chart, with another meaning | before | the peer has it |
 * | a peer's chart, with another meaning | after | this chart has it |
 */
export function takesName({ whose, isRead, shape }: NeighbourName, ownShape: string): boolean {
  return whose === "operator" || (isRead === "before" && shape !== ownShape);
}
