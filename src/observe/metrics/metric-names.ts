/** Every metric of our own, with its help text; docs/metrics.md is made from this. Process metrics come beside them. */
export const METRICS = {
  portolan_ready:
    "1 while every chart can be trusted, as `/readyz` says with 200; 0 while it says 503, also while standing by",
  portolan_build_info: "1, with the version of portolan as label",
  portolan_listener_streams: "open streams of events at the listener: each page in a browser has one",
  portolan_settings_refused:
    "1 while settings, policy or ledger were refused at the last reload (SIGHUP), so that older ones are in force",
  portolan_memory_short:
    "1 while three quarters of the heap live after a collection, or the process holds 85 % of the memory that it may have, until both are a tenth below",
  portolan_chart_ready: "1 while this chart can be trusted: `portolan_ready` by edge",
  portolan_chart_standby: "1 while another portolan writes this chart",
  portolan_chart_unwritable: "1 while the file cannot be replaced and the old one stays",
  portolan_chart_state_unsaved:
    "1 while what is known for the next start cannot be stored: routes go on, a restart would know less",
  portolan_chart_directory_refused:
    "1 while Traefik refuses the chart's directory for another file in it, and goes on with what it loaded last",
  portolan_chart_rolled_back: "1 while an earlier chart is published by `portolan rollback`",
  portolan_chart_rollback_timestamp_seconds: "when that rollback began; absent while there is none",
  portolan_chart_rollback_withheld_changes:
    "changes that wait for `portolan release`; absent while there is no rollback",
  portolan_chart_generation: "publications of the file since the start",
  portolan_chart_info:
    "1, with the hash of the published bytes as label: equal catalogs give equal hashes on every node",
  portolan_chart_routers: "routers in the published chart",
  portolan_chart_routers_held: "routers that keep servers which the catalog no longer shows, by kind of hold",
  portolan_chart_holds_end_timestamp_seconds:
    "when the next hold of a kind ends by itself; absent while none does, and past while a mass removal waits for the catalog to confirm it",
  portolan_chart_routers_emptied: "routers without servers in their grace time (503)",
  portolan_chart_published_timestamp_seconds: "when the file was last replaced",
  portolan_chart_lag_seconds: "time from the first change to the rename of the file",
  portolan_chart_write_errors_total: "failed attempts to replace the file",
  portolan_chart_diagnostics:
    "what is wrong with services, files and settings, by code and severity as in `portolan diagnostics`",
  portolan_instances_quarantined: "instances that are not routed because something about them is wrong",
  portolan_scrape_targets: "targets that /v1/sd/prometheus tells of, by source: catalog or ledger",
  portolan_scrape_targets_whole:
    "1 while /v1/sd/prometheus tells its list; 0 while it answers 503, since the list would lack some",
  portolan_ports:
    "ports that are declared in the ledger or registered, by class and status as in `portolan ports`, of the last look at all registrations; nothing where there is no ledger",
  portolan_traefik_up: "1 while Traefik's API answers as such (`traefik.api`), by edge",
  portolan_traefik_taken:
    "1 while Traefik has the published chart, or the time to load it; 0 when that time is over and it has nothing of it, or an earlier one, by edge",
  portolan_traefik_flaws:
    "routers, services and middlewares of the chart that Traefik has disabled (`kind`: disabled), serves in part (warning), lacks (missing) or has from elsewhere (different), by edge",
  portolan_traefik_lag_seconds:
    "time from the rename of the file until Traefik's API was seen to have all of it, by edge; it is looked at a quarter of a second after the rename at the earliest",
  portolan_traefik_read_errors_total: "looks at Traefik's API that failed, by edge",
  portolan_traefik_info: "1, with the version of the Traefik whose API is read as label, by edge",
  portolan_source_routers_held: "routers that keep servers which this catalog no longer shows, by source and edge",
  portolan_source_up:
    "1 while a catalog has been read completely since the start, and answers; 0 when it has been silent for longer than two long polls last, by source",
  portolan_source_blind:
    "1 while a catalog gives a reason to think that it no longer shows all it did, so that what is missing is held; absent until it is read, by source",
  portolan_source_signs:
    "1 while a catalog gives this reason to think that it does not show all it has, from the first read on or since: `signs` of the status, by source and reason",
  portolan_source_age_seconds: "time since a catalog last answered without an error, by source",
  portolan_source_requests_total: "requests to the catalog, by source and endpoint",
  portolan_source_errors_total: "failed requests to the catalog, by source and error code",
  portolan_source_answer_age_seconds:
    "how old the last answer was when it came, by the word of the server that gave it, by source",
  portolan_source_event_streams: "open streams of events by which the catalog hints at changes, by source",
  portolan_source_event_streams_reopened_total:
    "how often a stream of events was heard again after it had ended, by source",
  portolan_source_missed_changes_total: "services whose change a resync found and the watch had missed, by source",
  portolan_source_open_requests: "requests to a catalog in flight, long polls included, by source",
} as const;

export type MetricName = keyof typeof METRICS;
