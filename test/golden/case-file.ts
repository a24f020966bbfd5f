import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import type { DeploymentHealth } from "../../src/core/catalog/allocation.ts";
import type { Catalog, TaggedAddress, Weights } from "../../src/core/catalog/snapshot.ts";
import { compareBytes } from "../../src/go/byte-order.ts";
import { dumpOutcome, type Outcome } from "./outcome.ts";

/** One instance in short: what is left out is healthy, and lies on node-1. */
export interface CompactInstance {
  /** One of the step's `catalogs`. */
  readonly in?: string;
  readonly service: string;
  /** Default: the service's name. */
  readonly id?: string;
  readonly node?: string;
  readonly nodeAddress?: string;
  /** Default: none, so that the node's address counts. */
  readonly address?: string;
  readonly port?: number;
  readonly namespace?: string;
  /** Default: dc1. */
  readonly datacenter?: string;
  readonly job?: string;
  readonly tags?: readonly string[];
  /** Check id → status, or the status of a single check, or `none`. `serfHealth` is the node's. */
  readonly checks?: string | Readonly<Record<string, string>>;
  readonly meta?: Readonly<Record<string, string>>;
  readonly taggedAddresses?: Readonly<Record<string, TaggedAddress>>;
  readonly weights?: Weights;
  /** Default: the instances of a catalog in their order. */
  readonly createIndex?: number;
}

/** An allocation as the Nomad of a case knows it; what is left out is the only one of a job of its own, on node-1. */
export interface CompactAllocation {
  readonly id: string;
  readonly job: string;
  readonly namespace?: string;
  readonly node?: string;
  readonly ports: readonly number[];
  readonly canary?: boolean;
  /** Default: running. */
  readonly status?: string;
  /** Default: none. */
  readonly deployment?: DeploymentHealth;
  readonly stopped?: true;
  /** And its job as a whole. */
  readonly jobStopped?: true;
  readonly leaving?: true;
  /** Check → status, of each of its services; `unread` where they cannot be read. Default: it has none. */
  readonly checks?: Readonly<Record<string, string>> | "unread";
}

/**
 * `stored`: the last good snapshot stands in; `unread`: nothing does; `reset`: the index has just fallen back; `confirmed`: just
 * read consistently; `blind`: it does not tell all it knows.
 */
export type CatalogState = "live" | "stored" | "unread" | "reset" | "confirmed" | "blind";

/** One state of the catalog. */
export interface CatalogStep {
  readonly services: readonly CompactInstance[];
  /** Since the step before. Default: 1000. */
  readonly afterMs?: number;
  /** Default: live. */
  readonly catalog?: CatalogState;
  /** Several catalogs in place of one, by name: how each is. */
  readonly catalogs?: Readonly<Record<string, CatalogState>>;
  /** The process was restarted before this step, with the chart on disk and with or without its state. */
  readonly restart?: "with-state" | "state-lost";
  /**
   * A Nomad that is asked, and what it knows of the allocations in the ids: also of instances that have left since the step
   * before. `silent`: it has not answered. Default: none is asked.
   */
  readonly nomad?: readonly CompactAllocation[] | "silent";
  /** The operator's files, by name: their content, or the text of one that is no YAML. */
  readonly snippets?: Readonly<Record<string, unknown>>;
  /** The other files in the directory of the chart, which is `portolan.yml`, by name: their content, or their text. */
  readonly beside?: Readonly<Record<string, unknown>>;
  /** Whose registrations these are: of all, or by the catalog's name. Default: consul. */
  readonly registry?: Catalog | Readonly<Record<string, Catalog>>;
}

export interface GoldenCase extends CatalogStep {
  readonly name: string;
  readonly description: string;
  /** As in a settings file. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** As in a policy file. */
  readonly policy?: unknown;
  /** As in a ledger's file. */
  readonly ledger?: unknown;
  readonly previous?: readonly CatalogStep[];
  /**
   * The instances may come in any order, all at once or one after the other, over restarts too: it comes to the same, by
   * Consul and by Nomad where `registry` names neither. Not with `previous` or `createIndex`, which say an order.
   */
  readonly everyOrder?: true;
  readonly outcome: Outcome;
}

const FOLDER = join(import.meta.dirname, "cases");

/** All cases in the order of their numbers. */
export function readCases(): readonly GoldenCase[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".case.yml"));
  return names.sort(compareBytes).map((name) => {
    const { expected, besides, hold, changes, diagnostics, ...content } = load(
      readFileSync(join(FOLDER, name), "utf8"),
    ) as GoldenCase & Partial<Outcome>;
    const outcome = { expected: expected ?? {}, besides, hold, changes, diagnostics: diagnostics ?? [] };
    return { ...content, name: name.replace(".case.yml", ""), outcome };
  });
}

/** Replaces the outcome, which is the end of every case file. */
export function rewriteOutcome(name: string, outcome: Outcome): void {
  const path = join(FOLDER, `${name}.case.yml`);
  const [situation] = readFileSync(path, "utf8").split(/^expected:/m, 1);
  writeFileSync(path, `${situation?.trimEnd()}\n\n${dumpOutcome(outcome)}`);
}
