import { AppError, EXIT_CODES } from "../../base/errors.ts";
import type { Settings } from "../../config/files/schema.ts";
import { type ClientPorts, type DynamicRange, dynamicRange, reportedRanges } from "../../core/ports/dynamic-range.ts";
import { nameOf, portSchedulers, type Scheduler } from "../schedulers/schedulers.ts";

/** The dynamic range as it is now. */
export interface KnownPorts {
  readonly range: DynamicRange;
  /** The clients of all Nomads that were asked; none where no Nomad was. */
  readonly clients: readonly ClientPorts[];
}

/** For commands that read once. Throws AppError (exit code 69) where a Nomad that must be asked does not answer. */
export async function readDynamicPorts(settings: Settings): Promise<KnownPorts> {
  const { dynamic } = settings.ports;
  if (dynamic !== undefined) return { range: dynamicRange(dynamic, []), clients: [] };
  const sections = portSchedulers(settings);
  const answers = await Promise.all(sections.map(readClients));
  const asked = sections.map((section, position) => ({
    address: nameOf(section),
    reported: reportedRanges(answers[position] ?? []),
    isSilent: false,
  }));
  return { range: dynamicRange(undefined, asked), clients: answers.flat() };
}

/** The clients of the Nomads that know the ports. Throws AppError (exit code 69) where one of them does not answer. */
export async function readNomadClients(settings: Settings): Promise<readonly ClientPorts[]> {
  return (await Promise.all(portSchedulers(settings).map(readClients))).flat();
}

async function readClients(section: Scheduler): Promise<readonly ClientPorts[]> {
  // Loaded on demand: without a Nomad to ask the client is not needed.
  const { openSchedulerReader } = await import("../schedulers/open-reader.ts");
  const { clients, close } = openSchedulerReader(section, { credentialsRenewed() {}, credentialsWarned() {} });
  try {
    return await clients(new AbortController().signal);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(
      `Nomad at ${nameOf(section)} does not say which ports are dynamic: ${error.message}; or name the range in ports.dynamic`,
      { code: error.code, retryable: true, exitCode: EXIT_CODES.unavailable },
    );
  } finally {
    close();
  }
}
