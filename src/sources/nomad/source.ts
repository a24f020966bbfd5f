import type { CatalogSource } from "../catalog/source.ts";
import { createWatchedSource, type WatchedSourceOptions } from "../watch/watched-source.ts";
import type { NomadClient } from "./client.ts";
import type { NomadEvents } from "./events/events.ts";
import { nomadStrategies } from "./strategies.ts";

export interface NomadSourceOptions
  extends Omit<WatchedSourceOptions<NomadClient>, "strategies" | "hints" | "countNodes" | "explainEmpty"> {
  /** Nomad's event stream. Default: none, and what changes is found without hints. */
  readonly events?: NomadEvents;
}

/** Nomad's native services as a source, without their health: watched by service, by the event stream, or by sweeps. */
export function createNomadSource({ events, ...options }: NomadSourceOptions): CatalogSource {
  const source = createWatchedSource({
    ...options,
    strategies: nomadStrategies(events),
    ...(events === undefined ? {} : { hints: events }),
    explainEmpty: (signal) => options.client.requireNamespaces(signal),
  });
  if (events === undefined) return source;
  return {
    ...source,
    async run(signal) {
      await Promise.all([source.run(signal), events.run(signal)]);
    },
    onAllocationHint: events.onAllocationHint,
    state: () => ({ ...source.state(), eventStream: events.state() }),
  };
}
