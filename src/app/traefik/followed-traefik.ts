import { type Clock, systemClock } from "../../base/clock.ts";
import { AppError } from "../../base/errors.ts";
import type { Settings } from "../../config/files/schema.ts";
import type { Decision } from "../../core/decision.ts";
import type { CoreSettings } from "../../core/settings.ts";
import { diagnoseResult } from "../../core/traefik-result/diagnose-result.ts";
import type { TraefikReading } from "../../core/traefik-result/traefik-result.ts";
import type { EventLog } from "../../observe/log/event-log.ts";
import type { PassReport, TraefikObserver } from "../../observe/observer.ts";
import type { FollowedResult } from "../../traefik-api/follow-result.ts";
import type { LastPublication } from "../../traefik-api/last-publication.ts";
import { secretFileWarnings } from "../catalogs/secret-files.ts";

type ApiSettings = NonNullable<Settings["traefik"]["api"]>;

/** The Traefik that reads one chart, as its API tells of it. */
export interface FollowedTraefik {
  /** A pass has ended. Returns at once: Traefik is looked at later. */
  charted(pass: Pick<PassReport, "decision" | "published">): void;
  /** Whether it has the chart that was published last; undefined where that cannot be told, or it is not asked at all. */
  hasTaken(signal: AbortSignal): Promise<boolean | undefined>;
  /** Looks at it until aborted, by the settings as they are at the beginning. */
  run(signal: AbortSignal): Promise<void>;
}

export interface FollowedTraefikOptions {
  /** What the settings call the API: `traefik.api`, `edges.0.api`. */
  readonly setting: string;
  /** The chart's path. */
  readonly output: string;
  readonly observer: TraefikObserver;
  readonly log: EventLog;
  readonly clock?: Clock;
  /** Where the API is; undefined where the settings do not name it. */
  api(): ApiSettings | undefined;
  core(): CoreSettings;
}

/** An API whose files cannot be used is tried again: they may be put right. */
const RETRY_MS = 30_000;

export function followTraefik({ clock = systemClock, ...options }: FollowedTraefikOptions): FollowedTraefik {
  const { setting, output, observer, log } = options;
  let decision: Decision | undefined;
  let followed: FollowedResult | undefined;
  let publication: LastPublication | undefined;
  let isUnaskedTold = false;

  function tell(api: string, reading: TraefikReading): void {
    observer.traefikRead({ ...reading, api, diagnostics: diagnosticsOf(reading) });
  }

  function diagnosticsOf({ result }: TraefikReading) {
    if (result === undefined || decision === undefined) return [];
    const { chart, memory } = decision;
    const { owners, services, operatorNames } = memory.changes;
    const { traefik: settings } = options.core();
    return diagnoseResult({ result, chart, owners, services, operatorNames, settings, output });
  }

  function tellUnasked(): void {
    if (isUnaskedTold) return;
    isUnaskedTold = true;
    log.emit(
      "traefik.unasked",
      `${setting} is not set, so that it is not known what Traefik makes of ${output}: a router may be 404 there that is live here, for an entry point or a certificate resolver that Traefik does not have, or for another file that it refuses; where its API is, set ${setting}: http://127.0.0.1:8080`,
    );
  }

  /** Loaded on demand: a portolan that asks no Traefik needs no client for one. */
  async function open(api: ApiSettings) {
    const [{ openTraefikApi }, { followResult }, { lastPublication }] = await Promise.all([
      import("../../traefik-api/open-traefik-api.ts"),
      import("../../traefik-api/follow-result.ts"),
      import("../../traefik-api/last-publication.ts"),
    ]);
    for (const warning of secretFileWarnings(setting, api, process.env)) log.emit("settings.warning", warning);
    const reporter = {
      credentialsRenewed: (message: string) => log.emit("credentials.renewed", message),
      credentialsWarned: (message: string) => log.emit("credentials.warning", message),
    };
    return { client: openTraefikApi(api, { clock, reporter, setting }), followResult, lastPublication };
  }

  async function follow(api: ApiSettings, signal: AbortSignal): Promise<void> {
    const { client, followResult, lastPublication } = await open(api);
    try {
      followed = followResult({ api: client, clock, told: (reading) => tell(api.address, reading) });
      publication = lastPublication(client);
      if (decision !== undefined) {
        followed.charted(decision.chart, "found");
        publication.charted(decision.chart);
      }
      await followed.run(signal);
    } finally {
      followed = undefined;
      publication = undefined;
      client.close();
    }
  }

  return {
    charted(pass) {
      const isFirst = decision === undefined;
      decision = pass.decision;
      const { didWrite } = pass.published;
      if (!isFirst && !didWrite) return;
      followed?.charted(decision.chart, didWrite ? "published" : "found");
      publication?.charted(decision.chart);
    },
    hasTaken: async (signal) => publication?.isTaken(signal),
    async run(signal) {
      const api = options.api();
      if (api === undefined) {
        observer.traefikRead(undefined);
        tellUnasked();
        await clock.sleep(2 ** 31 - 1, signal);
        return;
      }
      try {
        await follow(api, signal);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const { code, message } = error;
        tell(api.address, { result: undefined, unread: { code, message, sinceMs: clock.nowMs() } });
        await clock.sleep(RETRY_MS, signal);
      }
    },
  };
}
