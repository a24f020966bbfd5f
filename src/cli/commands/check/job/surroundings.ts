import { readAnswering } from "../../../../app/catalogs/read-catalogs-once.ts";
import { readDynamicPorts } from "../../../../app/dynamic-ports/read-dynamic-ports-once.ts";
import { AppError } from "../../../../base/errors.ts";
import type { Settings } from "../../../../config/files/schema.ts";
import type { CatalogSnapshot } from "../../../../core/catalog/snapshot.ts";
import type { ClientPorts } from "../../../../core/ports/dynamic-range.ts";
import type { PortRange } from "../../../../core/ports/port-range.ts";
import type { Job } from "../../../../job/job.ts";
import type { Problem } from "../report.ts";
import { withOwnRegistrations } from "./own-registrations.ts";

/** Where a job would run, as far as catalogs and Nomads tell it now. */
export interface Surroundings {
  readonly snapshots: readonly CatalogSnapshot[];
  readonly clients: readonly ClientPorts[];
  /** Absent where no Nomad tells it. */
  readonly dynamic?: PortRange;
  /** What could not be asked, and is not known. */
  readonly notes: readonly Problem[];
}

/** Asks all that the settings name, and goes on without what does not answer. */
export async function askAround(job: Job, settings: Settings): Promise<Surroundings> {
  const [catalogs, ports] = await Promise.all([readAnswering(settings), portsIfTold(settings)]);
  const unanswered = catalogs.unanswered.map(({ title, reason }) =>
    notAsked(`${title} does not answer, so that hosts and ports which others have there are not known: ${reason}`),
  );
  const own = await withOwnRegistrations(job, catalogs.snapshots, settings);
  const named = new Map(ports.clients.map(({ id, node }) => [id, node]));
  return {
    ...ports,
    snapshots: own.snapshots.map((snapshot) => ({
      ...snapshot,
      // Nomad's own registrations name nodes by their ids.
      instances: snapshot.instances.map((one) => ({ ...one, node: named.get(one.nodeId) ?? one.node })),
    })),
    notes: [...unanswered, ...ports.notes, ...own.unanswered.map(notAsked)],
  };
}

async function portsIfTold(settings: Settings): Promise<Omit<Surroundings, "snapshots">> {
  try {
    const { range, clients } = await readDynamicPorts(settings);
    return { clients, dynamic: range.ports, notes: [] };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { clients: [], notes: [notAsked(`Nomad's own range of dynamic ports stands in: ${error.message}`)] };
  }
}

function notAsked(message: string): Problem {
  return { code: "NOT_ASKED", severity: "info", place: "", message, remedy: "" };
}
