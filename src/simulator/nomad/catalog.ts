import { isDeepStrictEqual } from "node:util";
import { AppError } from "../../base/errors.ts";
import type { Tokens } from "./rights.ts";
import type { AllocationDefinition } from "./rows/allocation.ts";
import { type CheckDefinition, checkRow } from "./rows/check.ts";
import type { DeploymentDefinition } from "./rows/deployment.ts";
import type { JobDefinition } from "./rows/job.ts";
import type { NodeDefinition } from "./rows/node.ts";
import { completed, type ServiceDefinition } from "./rows/registration.ts";
import { keyOf, versionKeyOf } from "./state/groups.ts";
import { createNomadState, isToldByClient, type NomadState } from "./state/state.ts";

/**
 * A cluster of Nomad, in memory: what its servers know of clients, jobs, allocations, deployments and registrations of
 * native services, and what clients know of checks. Nothing happens by itself: who writes an allocation also registers its
 * services, as real clients do. README.md of the embedded catalog says what it imitates.
 */
export interface NomadCatalog {
  readonly region: string;
  readonly parseJob: JobParsing | undefined;
  /** Registers, or changes what has the same namespace and ID. */
  register(definition: ServiceDefinition): void;
  /** Removes one registration. Throws E_SIMULATOR_REFUSED, in Nomad's own words, where there is none. */
  deregister(registration: { readonly ID: string; readonly Namespace?: string }): void;
  /** Registers a client, or changes the one of this name. From the start there is one, `embedded`, with Nomad's defaults. */
  registerNode(definition: NodeDefinition): void;
  removeNode(name: string): void;
  /** Places an allocation, or replaces the one of this ID. */
  placeAllocation(definition: AllocationDefinition): void;
  /** Changes some fields of an allocation that is there. */
  changeAllocation(id: string, changes: Partial<AllocationDefinition>): void;
  /** Forgets an allocation, as garbage collection does. */
  removeAllocation(id: string): void;
  /** What the client of an allocation that is there has found at its latest look at a check. Wakes no query, as in Nomad. */
  setCheck(allocation: string, check: CheckDefinition): void;
  /** Registers a job, or replaces the one of the same namespace and ID. */
  registerJob(definition: JobDefinition): void;
  /** Forgets a job, as `job stop -purge` does. */
  removeJob(job: { readonly ID: string; readonly Namespace?: string }): void;
  /** Makes a deployment, or replaces the one of this ID. */
  putDeployment(definition: DeploymentDefinition): void;
  /** What is written in it has one index and one line of the event stream, as a plan of Nomad's scheduler has. */
  together(write: () => void): void;
  /** Makes a namespace. One that is named by a job or a service is made with it. */
  createNamespace(name: string): void;
  removeNamespace(name: string): void;
  /**
   * Turns ACLs on, with these tokens in place of those before; undefined turns them off. Wakes no query, as in Nomad, and
   * ends the event streams whose token has lost their right.
   */
  setTokens(tokens: Tokens | undefined): void;
  readonly tokens: Tokens | undefined;
  /** Tells of a later `setTokens`; gives what ends it. */
  onTokens(listener: () => void): () => void;
  /** The servers come back with no service, one client and low indexes. Ends every blocked query and every event stream. */
  wipe(): void;
  /** The data since the last wipe, for queries. */
  readonly state: NomadState;
}

export interface NomadCatalogOptions {
  /** Default: global. */
  readonly region?: string;
  /** What stands in for Nomad's parser of job files, which is written in Go. Without it no file can be parsed. */
  readonly parseJob?: JobParsing;
}

/** Gives the job of a file, as the API has it, or rejects with the parser's words. */
export type JobParsing = (hcl: string) => Promise<unknown>;

/** A catalog without services. */
export function createNomadCatalog({ region = "global", parseJob }: NomadCatalogOptions = {}): NomadCatalog {
  let state = createNomadState();
  let tokens: Tokens | undefined;
  const listeners = new Set<() => void>();

  /** Nomad refuses what lies in a namespace that is not there. */
  function needNamespace(Name = "default"): void {
    if (state.namespaces.get(Name) === undefined) state.namespaces.put({ Name });
  }

  function writeAllocation(definition: AllocationDefinition): void {
    needNamespace(definition.Namespace);
    const old = state.allocations.get(definition.ID);
    const row = state.allocations.put(definition);
    if (isToldByClient(row, old)) state.nodes.touch(row.ModifyIndex);
  }

  return {
    region,
    parseJob,
    get state() {
      return state;
    },
    register(definition) {
      needNamespace(definition.Namespace);
      const content = completed(definition);
      const old = state.services.get(keyOf(content.Namespace, content.ID));
      if (old !== undefined && isDeepStrictEqual(old, { ...old, ...content })) state.services.putSame();
      else state.services.put(definition);
    },
    deregister({ ID, Namespace = "default" }) {
      if (state.services.remove(keyOf(Namespace, ID))) return;
      throw new AppError("service registration not found", { code: "E_SIMULATOR_REFUSED", retryable: false });
    },
    registerNode: (definition) => void state.nodes.put(definition),
    removeNode: (name) => void state.nodes.remove(name),
    placeAllocation: writeAllocation,
    changeAllocation: (id, changes) => writeAllocation({ ...state.allocations.definition(id), ...changes }),
    removeAllocation(id) {
      state.allocations.remove(id);
      state.checks.delete(id);
    },
    setCheck(allocation, check) {
      const row = state.allocations.get(allocation);
      if (row === undefined) throw new TypeError(`bug: the embedded Nomad has no allocation ${allocation}`);
      const result = checkRow(check, row);
      const found = state.checks.get(allocation) ?? new Map();
      state.checks.set(allocation, found.set(result.ID, result));
    },
    registerJob(definition) {
      needNamespace(definition.Namespace);
      const row = state.jobs.put(definition);
      state.jobVersions.set(versionKeyOf(row.Namespace, row.ID, row.Version), row);
    },
    removeJob: ({ ID, Namespace = "default" }) => void state.jobs.remove(keyOf(Namespace, ID)),
    putDeployment(definition) {
      needNamespace(definition.Namespace);
      state.deployments.put(definition);
    },
    together: (write) => state.together(write),
    createNamespace: needNamespace,
    removeNamespace: (name) => void state.namespaces.remove(name),
    setTokens(next) {
      tokens = next;
      for (const listener of [...listeners]) listener();
    },
    get tokens() {
      return tokens;
    },
    onTokens(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    wipe() {
      const old = state;
      state = createNomadState();
      old.abandon();
    },
  };
}
