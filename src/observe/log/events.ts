/**
 * Every event that is logged. Names and data are a promise to programs that follow the log; the wording of a message
 * is not. `error` means that an operator must act; a healthy run has none. docs/events.md is made from this.
 */
export const EVENTS = {
  "daemon.started": { level: "info", doc: "portolan runs; names version, source, settings file and files" },
  "daemon.stopped": { level: "info", doc: "portolan ends after a signal; the file stays as it is" },
  "daemon.failed": {
    level: "error",
    doc: "portolan ends because it cannot go on; the message says why and what to do",
  },
  "settings.reloaded": { level: "info", doc: "SIGHUP: the settings were read again and count now" },
  "settings.refused": { level: "error", doc: "SIGHUP: the settings have problems; the old ones stay in force" },
  "settings.warning": { level: "warn", doc: "the settings are valid, but something they name cannot be used as it is" },
  "credentials.renewed": { level: "info", doc: "another token or certificate is in use, or a file can be read again" },
  "credentials.warning": {
    level: "warn",
    doc: "a token, a JWT or a certificate cannot be used as it was found; what was in use before stays",
  },
  "chart.adopted": { level: "info", doc: "a chart from an earlier run is on disk and stays until there is better" },
  "chart.confirmed": {
    level: "info",
    doc: "the chart on disk was decided from just what is stored and set now; told at a start, before the first pass",
  },
  "chart.published": { level: "debug", doc: "the file was replaced; hash, size and time from change to rename" },
  "chart.empty": { level: "warn", doc: "the chart has no routes at all, on purpose" },
  "chart.partial": {
    level: "warn",
    doc: "the chart goes on without catalogs that have not answered since the start and of which nothing is kept; which",
  },
  "chart.held": {
    level: "warn",
    doc: "routers would lose their last server and keep it for now: how many (`count`), some of them, why and until when; told again when there are half as many more",
  },
  "chart.released": {
    level: "info",
    doc: "a hold has ended, and no other has taken its place; `by: hand` where a person ended it",
  },
  "chart.rolled-back": {
    level: "warn",
    doc: "a person has published an earlier chart again; the catalog's news waits for `portolan release`; told at a restart, too",
  },
  "chart.unwritable": {
    level: "error",
    doc: "the file could not be replaced; the old one stays, and it is tried again",
  },
  "chart.writable": { level: "info", doc: "the file could be replaced again" },
  "chart.warning": { level: "warn", doc: "the file was replaced, but something about it needs attention" },
  "chart.repaired": {
    level: "warn",
    doc: "another process edited or deleted the file; it says again what the catalog says",
  },
  "chart.unwatched": {
    level: "error",
    doc: "the file's directory was replaced: Traefik watches the old one and sees nothing new until it is restarted",
  },
  "chart.refused": {
    level: "error",
    doc: "Traefik cannot load a file beside the chart, and refuses the whole directory for it: news does not reach Traefik; which file, where in it, and what to do",
  },
  "chart.loadable": {
    level: "info",
    doc: "nothing beside the chart keeps Traefik from loading the directory any more",
  },
  "traefik.unasked": {
    level: "info",
    doc: "`traefik.api` is not set: what Traefik makes of the chart is not known; what that loses, and how to set it",
  },
  "traefik.read": {
    level: "info",
    doc: "Traefik's API answers, for the first time or again: `traefik`, its version, and how many routers of the chart it has",
  },
  "traefik.unread": {
    level: "warn",
    doc: "Traefik's API cannot be read (away, a password, another server) and the remedy; told once for each reason. Routes go on",
  },
  "traefik.untaken": {
    level: "error",
    doc: "Traefik has had its time and has nothing of the chart, or an earlier one: news does not reach visitors; the likeliest cause and the remedy",
  },
  "traefik.taken": { level: "info", doc: "Traefik has the chart after all; after how many milliseconds (`forMs`)" },
  "chart.standby": { level: "warn", doc: "another portolan writes the file; this one takes over when that one ends" },
  "chart.taken-over": { level: "info", doc: "the other portolan has ended; this one writes the file from now on" },
  "serve.started": {
    level: "info",
    doc: "the chart is served to Traefiks on other machines (`serve`): `urls`, and `demands`: what a client has to show",
  },
  "serve.refused": {
    level: "warn",
    doc: "a client did not get the chart that is served: its address, and why (`reason`: no token, another token, no TLS); at most once a minute for each reason, with how many there were since (`count`)",
  },
  "route.added": { level: "info", doc: "a router came" },
  "route.removed": { level: "info", doc: "a router went; requests answer 404 from now on" },
  "route.changed": { level: "info", doc: "a router's rule, middlewares or options changed" },
  "route.servers": { level: "info", doc: "servers of a router came or went" },
  "route.emptied": { level: "warn", doc: "a router lost its last server; requests answer 503 for the grace time" },
  "route.restored": { level: "info", doc: "a router without servers has one again" },
  "diagnostic.found": { level: "warn", doc: "something about a service's tags or ports is wrong; says what to change" },
  "diagnostic.untold": {
    level: "warn",
    doc: "there are more diagnostics than are told one by one: 50 of a service, 1,000 altogether; 20 at once by Traefik's API",
  },
  "diagnostic.noted": { level: "info", doc: "something about a service's tags is worth knowing" },
  "diagnostic.cleared": {
    level: "info",
    doc: "what a diagnostic said is no longer so, or its instance is gone; not said of what the catalog does not show at the moment",
  },
  "source.watching": { level: "info", doc: "the catalog was read completely and is watched; how, and why that way" },
  "source.short": {
    level: "warn",
    doc: "the catalog refuses connections by its limit for a client address, and answers others; how many are used for now",
  },
  "source.unrestrained": { level: "info", doc: "as many connections as the settings allow are used again" },
  "source.failing": {
    level: "warn",
    doc: "the catalog does not answer as it should; the last good snapshot stays, where there is one; told again after 1 minute, 2, 4, … and at least every hour while it goes on",
  },
  "source.recovered": { level: "info", doc: "the catalog answers again" },
  "source.blind": { level: "warn", doc: "the catalog answers, and something says that it does not show everything" },
  "source.sighted": { level: "info", doc: "that something is gone" },
  "source.missed": { level: "warn", doc: "a resync found a change that the watch had missed; please report it" },
  "source.heard": {
    level: "info",
    doc: "Nomad's event stream hints at changes: what changes is read at once, and nothing else is",
  },
  "source.unheard": {
    level: "warn",
    doc: "Nomad's event stream tells nothing: the token lacks a right, or another reason; nothing is missed, but a change may cost a read of every service",
  },
  "source.stored": {
    level: "info",
    doc: "the last good snapshot of an earlier run stands in until the catalog answers",
  },
  "source.unconfirmed": { level: "warn", doc: "a removal could not be confirmed by a consistent read yet" },
  "ports.range": {
    level: "info",
    doc: "the dynamic range that counts has changed, or Nomad tells it again; `ports`, and `origin`: who says so",
  },
  "ports.untold": {
    level: "warn",
    doc: "Nomad does not tell its clients' dynamic range, and why; the last known one stays, or Nomad's default until it does",
  },
  "ports.status": {
    level: "info",
    doc: "a port stands otherwise than before, by the ledger and all that is registered: `before` and `status` as in `portolan ports`, who holds it, for whom it is declared. Not told: what the scheduler places and takes away. Only where there is a ledger",
  },
  "ports.contested": {
    level: "warn",
    doc: "a port is Squatted or in Conflict now; as `ports.status`, and told after each start, too",
  },
  "ports.unsurveyed": {
    level: "warn",
    doc: "a catalog does not tell all its registrations, so that the ports are not held against the ledger; charts are not concerned",
  },
  "allocations.untold": {
    level: "warn",
    doc: "Nomad does not tell the allocations that services have in their ids, and why: its jobs are not known, nor its canaries without a mark, nor the health of Nomad's own services; what was known stays",
  },
  "allocations.told": { level: "info", doc: "Nomad tells them again" },
  "checks.untold": {
    level: "warn",
    doc: "Nomad does not tell the checks of an allocation, and why; what was known stays, and where the token may not read them the deployment decides (`nomad.health`)",
  },
  "checks.told": { level: "info", doc: "Nomad tells them again" },
  "allocations.unknown": {
    level: "info",
    doc: "no Nomad knows an allocation that a service has in its id; told once",
  },
  "state.set-aside": { level: "warn", doc: "a state file could not be understood and was moved out of the way" },
  "state.noted": { level: "info", doc: "a state file was read, except for a save that a kill had cut off" },
  "state.unsaved": { level: "error", doc: "the state could not be saved; routes go on, a restart would know less" },
  "control.ordered": {
    level: "warn",
    doc: "an operator gave an order over the control socket; `sender`: user and terminal, as the sender says of itself",
  },
  "control.unavailable": {
    level: "error",
    doc: "no control socket could be made in the state directory: routes go on, `portolan release` and `portolan rollback` do not arrive",
  },
  "listener.failed": {
    level: "error",
    doc: "something could not be told to pages and streams, which read it anew; routes are not concerned. Please report it",
  },
  "memory.short": {
    level: "warn",
    doc: "three quarters of the heap live after a collection, or the process holds 85 % of the memory that it may have: how much, of what, with how many services (`heapBytes`, `heapLimitBytes`, `processBytes`, `memoryLimitBytes`, `services`), and the `remedy`; told once until it is enough again",
  },
  "memory.enough": {
    level: "info",
    doc: "less than 65 % of the heap live after a collection, and the process holds less than 75 % of what it may",
  },
  "demo.told": { level: "info", doc: "what the demonstration is doing" },
} as const satisfies Record<string, { readonly level: "debug" | "info" | "warn" | "error"; readonly doc: string }>;

export type EventName = keyof typeof EVENTS;
