import { type ChartedPass, chartedPass } from "./charted-pass.ts";
import type { CatalogObserver, ChartObserver } from "./observer.ts";

/** A listener that handles every report about a chart. */
export interface FullChartListener extends Omit<ChartObserver, "charted"> {
  charted(pass: ChartedPass): void;
}

/** A listener handles the reports that concern it. */
export type ChartListener = Partial<FullChartListener>;

export type CatalogListener = Partial<CatalogObserver>;

/** One observer of many: hands each report to every listener that handles it, in the order of the list. */
export function fanOutChart(listeners: readonly ChartListener[]): ChartObserver {
  const each = (report: (listener: ChartListener) => void) => listeners.forEach(report);
  return {
    adopted: (found) => each((one) => one.adopted?.(found)),
    confirmed: (text) => each((one) => one.confirmed?.(text)),
    setAside: (reason, movedTo) => each((one) => one.setAside?.(reason, movedTo)),
    stateNoted: (note) => each((one) => one.stateNoted?.(note)),
    charted(report) {
      const pass = chartedPass(report);
      each((one) => one.charted?.(pass));
    },
    rolledBack: (rollback) => each((one) => one.rolledBack?.(rollback)),
    rollbackEnded: (number) => each((one) => one.rollbackEnded?.(number)),
    held: (hold) => each((one) => one.held?.(hold)),
    released: (hold, isByHand) => each((one) => one.released?.(hold, isByHand)),
    unwritable: (error, retryInMs) => each((one) => one.unwritable?.(error, retryInMs)),
    stateUnsaved: (error) => each((one) => one.stateUnsaved?.(error)),
    confirmFailed: (error, catalogName) => each((one) => one.confirmFailed?.(error, catalogName)),
    standingBy: (owner) => each((one) => one.standingBy?.(owner)),
    writesAlone: () => each((one) => one.writesAlone?.()),
    directoryRefused: (found) => each((one) => one.directoryRefused?.(found)),
    directoryLoadable: () => each((one) => one.directoryLoadable?.()),
    traefikRead: (report) => each((one) => one.traefikRead?.(report)),
  };
}

/** The same for what is reported about a catalog. */
export function fanOutCatalog(listeners: readonly CatalogListener[]): CatalogObserver {
  const each = (report: (listener: CatalogListener) => void) => listeners.forEach(report);
  return {
    requested: (endpoint) => each((one) => one.requested?.(endpoint)),
    failed: (error, target, retryInMs, trouble) => each((one) => one.failed?.(error, target, retryInMs, trouble)),
    recovered: (failures, forMs) => each((one) => one.recovered?.(failures, forMs)),
    strategyChosen: (strategy, reason) => each((one) => one.strategyChosen?.(strategy, reason)),
    connectionsShort: (allowed, most) => each((one) => one.connectionsShort?.(allowed, most)),
    sightChanged: (reason, isPresent, namespaces) => each((one) => one.sightChanged?.(reason, isPresent, namespaces)),
    settingDoubted: (message) => each((one) => one.settingDoubted?.(message)),
    missed: (services) => each((one) => one.missed?.(services)),
    eventsHeard: (scope) => each((one) => one.eventsHeard?.(scope)),
    eventsUnheard: (scope, right, error) => each((one) => one.eventsUnheard?.(scope, right, error)),
    eventsReopened: () => each((one) => one.eventsReopened?.()),
    credentialsRenewed: (message) => each((one) => one.credentialsRenewed?.(message)),
    credentialsWarned: (message) => each((one) => one.credentialsWarned?.(message)),
  };
}
