import { PARTIAL_VIEW_REASONS, type PartialViewReason } from "../../core/catalog/snapshot.ts";
import type { AnswerFacts } from "../http/answer-facts.ts";

/** Whether the catalog shows what it has. */
export interface Visibility {
  /** In the order of their declaration. */
  readonly partialViewReasons: readonly PartialViewReason[];
  /** Namespaces that were shown before and are denied now, in the order of their names. */
  readonly deniedNamespaces: readonly string[];
  /** How old the last answer was, in milliseconds; undefined where it did not say. */
  readonly ageMs: number | undefined;
  /** Every successful answer is shown here. */
  saw(facts: AnswerFacts): void;
  set(sign: PartialViewReason, isPresent: boolean): void;
  /** All namespaces that are denied at the moment. */
  sawDenied(namespaces: readonly string[]): void;
  /** A list of all services, before it is acted upon. */
  sawList(names: ReadonlyMap<string, unknown>): void;
  /** A complete read begins: it decides anew whether answers are filtered. */
  beginRead(): void;
  /** It has ended. */
  endRead(): void;
  /** Calls back when a sign comes or goes; one listener. */
  onChange(listener: (sign: PartialViewReason, isPresent: boolean) => void): void;
}

/**
 * @param serversName the service that the catalog's own servers register, where the product has one: a token
 *   that sees everything sees it
 */
export function createVisibility(serversName?: string): Visibility {
  let changed: (sign: PartialViewReason, isPresent: boolean) => void = () => {};
  const present = new Set<PartialViewReason>();
  let ageMs: number | undefined;
  let deniedNamespaces: readonly string[] = [];
  let deniesByDefault = false;
  let isFilteredInRead = false;

  function set(sign: PartialViewReason, isPresent: boolean): void {
    if (present.has(sign) === isPresent) return;
    if (isPresent) present.add(sign);
    else present.delete(sign);
    changed(sign, isPresent);
  }

  return {
    get partialViewReasons() {
      return PARTIAL_VIEW_REASONS.filter((sign) => present.has(sign));
    },
    get deniedNamespaces() {
      return deniedNamespaces;
    },
    get ageMs() {
      return ageMs;
    },
    saw(facts) {
      ageMs = facts.ageMs;
      ({ deniesByDefault } = facts);
      if (facts.knowsLeader !== undefined) set("no-leader", !facts.knowsLeader);
      if (!facts.isFiltered) return;
      isFilteredInRead = true;
      set("filtered", true);
    },
    set,
    sawDenied(namespaces) {
      const before = deniedNamespaces.join();
      deniedNamespaces = [...namespaces].sort((a, b) => (a < b ? -1 : 1));
      if (deniedNamespaces.join() === before) return;
      // Other ones than before are news, too.
      if (before !== "") set("denied-namespace", false);
      set("denied-namespace", deniedNamespaces.length > 0);
    },
    sawList(names) {
      set("default-deny", deniesByDefault && names.size === 0);
      if (serversName !== undefined) set("no-servers", !names.has(serversName));
    },
    beginRead() {
      isFilteredInRead = false;
    },
    endRead() {
      set("filtered", isFilteredInRead);
    },
    onChange(listener) {
      changed = listener;
    },
  };
}
