import { createWatches, type Watches } from "../../state/watches.ts";
import {
  allocationChange,
  allocationEvents,
  deploymentEvents,
  jobEvents,
  nodeEvent,
  nodeEvents,
  serviceEvents,
} from "../events/changes.ts";
import { createEventLog, type EventLog } from "../events/event-log.ts";
import { type AllocationDefinition, type AllocationRow, allocationRow } from "../rows/allocation.ts";
import type { CheckRow } from "../rows/check.ts";
import { type DeploymentDefinition, type DeploymentRow, deploymentRow } from "../rows/deployment.ts";
import { type JobDefinition, type JobRow, jobRow } from "../rows/job.ts";
import { type NamespaceDefinition, type NamespaceRow, namespaceRow } from "../rows/namespace.ts";
import { FIRST_NODE, type NodeDefinition, type NodeRow, nodeRow } from "../rows/node.ts";
import { completed, type ServiceDefinition, type ServiceRow } from "../rows/registration.ts";
import { GROUP, keyOf } from "./groups.ts";
import { createTable, type Table } from "./table.ts";
import { createWriteLog } from "./write-log.ts";

/** The data from one wipe to the next. */
export interface NomadState {
  readonly watches: Watches;
  readonly events: EventLog;
  /** What is written in it, at once, is one write. */
  together(write: () => void): void;
  /** By namespace and ID, in groups by namespace and by service. */
  readonly services: Table<ServiceDefinition, ServiceRow>;
  /** By name. */
  readonly nodes: Table<NodeDefinition, NodeRow>;
  /** By ID, in groups by job and by client. */
  readonly allocations: Table<AllocationDefinition, AllocationRow>;
  /** By ID, in groups by job. */
  readonly deployments: Table<DeploymentDefinition, DeploymentRow>;
  /** By namespace and ID. */
  readonly jobs: Table<JobDefinition, JobRow>;
  /** Each version of a job that has been registered. An allocation has the job as it was when it was placed. */
  readonly jobVersions: Map<string, JobRow>;
  /** By name. */
  readonly namespaces: Table<NamespaceDefinition, NamespaceRow>;
  /** The results of checks, by allocation and by their ids. They lie with the client: no write to the log, no index. */
  readonly checks: Map<string, Map<string, CheckRow>>;
  /** Aborted when the state has been replaced by another. */
  readonly abandoned: AbortSignal;
  abandon(): void;
}

/** A real log begins with an election and the settings of the cluster, before any service is registered. */
const INDEX_BEFORE_FIRST_WRITE = 10;

/** A state with one client, one namespace and no service: that table has never been written, so its index is 1. */
export function createNomadState(): NomadState {
  const watches = createWatches();
  const events = createEventLog();
  // The client and the namespace take the last places of the cluster's beginning.
  const log = createWriteLog(watches, events, INDEX_BEFORE_FIRST_WRITE - 2);
  const abandonment = new AbortController();

  const namespaces = createTable({
    log,
    name: "namespaces",
    keyOf: ({ Name }: NamespaceDefinition) => Name,
    rowOf: namespaceRow,
  });
  namespaces.put({ Name: "default", Description: "Default shared namespace" });

  const nodes = createTable({
    log,
    name: "nodes",
    keyOf: ({ Name }: NodeDefinition) => Name,
    rowOf: nodeRow,
    eventsOf: nodeEvents,
  });
  nodes.put(FIRST_NODE);

  const services = createTable({
    log,
    name: "services",
    keyOf(definition: ServiceDefinition) {
      const { Namespace, ID } = completed(definition);
      return keyOf(Namespace, ID);
    },
    rowOf: (definition, indexes) => ({ ...completed(definition), ...indexes }),
    groupsOf: ({ Namespace, ServiceName }) => [GROUP.namespace(Namespace), GROUP.service(Namespace, ServiceName)],
    eventsOf: serviceEvents,
  });

  const jobs = createTable({
    log,
    name: "jobs",
    keyOf: ({ Namespace = "default", ID }: JobDefinition) => keyOf(Namespace, ID),
    rowOf: jobRow,
    groupsOf: ({ Namespace, ID }) => [GROUP.job(Namespace, ID)],
    eventsOf: jobEvents,
  });

  const deployments = createTable({
    log,
    name: "deployments",
    keyOf: ({ ID }: DeploymentDefinition) => ID,
    rowOf: deploymentRow,
    groupsOf: ({ Namespace, JobID }) => [GROUP.deploymentsOf(Namespace, JobID)],
    eventsOf: deploymentEvents,
  });

  const allocations = createTable({
    log,
    name: "allocations",
    keyOf: ({ ID }: AllocationDefinition) => ID,
    rowOf: allocationRow,
    groupsOf: ({ Namespace, JobID, NodeID, ID }) => [
      ...[GROUP.allocation(ID), GROUP.allocationsOf(Namespace, JobID), GROUP.allocationsOn(NodeID)],
    ],
    eventsOf(row, old) {
      const node = isToldByClient(row, old) ? nodeOf(row) : undefined;
      return [...allocationEvents(row, old), ...(node === undefined ? [] : [nodeEvent(node, "AllocationUpdated")])];
    },
  });

  function nodeOf(allocation: AllocationRow): NodeRow | undefined {
    return nodes.rows().find(({ ID }) => ID === allocation.NodeID);
  }

  return {
    ...{ watches, events, nodes, services, allocations, deployments, jobs, namespaces },
    checks: new Map(),
    jobVersions: new Map(),
    together: log.together,
    abandoned: abandonment.signal,
    abandon: () => abandonment.abort(),
  };
}

/** What a client tells of an allocation is a write to the table of clients, too. */
export function isToldByClient(row: AllocationRow | undefined, old: AllocationRow | undefined): row is AllocationRow {
  return row !== undefined && allocationChange(row, old) === "AllocationUpdated";
}
