import { splitCanaries } from "../../src/core/traefik/chart/canary-split.ts";
import { type DynamicConfig, newConfig, resourceKey } from "../../src/core/traefik/chart/dynamic-config.ts";
import type { RunningTraefik, TraefikCount } from "../../src/core/traefik-result/running-traefik.ts";
import {
  LISTED_SECTIONS,
  type ListedSection,
  type TraefikResource,
  type TraefikStatus,
} from "../../src/core/traefik-result/traefik-resource.ts";
import { TraefikApiError } from "../../src/traefik-api/api-error.ts";
import type { TraefikApi } from "../../src/traefik-api/traefik-api.ts";

/** A Traefik in memory, which takes a chart when a test says so. */
export interface FakeTraefik extends TraefikApi {
  /** What was asked for since this was read last. */
  asked(): readonly string[];
  /** It has this from its file provider, and nothing else. */
  takes(config: DynamicConfig): void;
  /** A router of a name that it lists otherwise, as with an entry point that has TLS. */
  lists(name: string, listed: string): void;
  complains(key: string, status: Exclude<TraefikStatus, "enabled">, ...errors: readonly string[]): void;
  is(traefik: Partial<RunningTraefik>): void;
  /** It cannot be asked, with this code, until `comesBack`. */
  goes(code: "E_TRAEFIK_API_UNREACHABLE" | "E_TRAEFIK_API_DENIED"): void;
  comesBack(): void;
}

export const FAKE_TRAEFIK: RunningTraefik = {
  version: "3.6.12",
  startedAt: "2026-11-30T10:00:00Z",
  providers: ["File"],
  entryPoints: [
    { name: "traefik", address: ":8080", isDefault: false },
    { name: "web", address: ":80", isDefault: false },
    { name: "websecure", address: ":443", isDefault: false },
  ],
  configuration: {
    certResolvers: ["le"],
    throttleMs: 2_000,
    pollMs: undefined,
    file: { directory: "/srv/dynamic", filename: undefined, isWatched: true },
  },
};

export function createFakeTraefik(): FakeTraefik {
  let asked: string[] = [];
  let running = FAKE_TRAEFIK;
  let config = newConfig();
  let away: string | undefined;
  const renamed = new Map<string, string>();
  const complaints = new Map<string, { status: TraefikStatus; errors: readonly string[] }>();

  function ask(what: string): void {
    asked.push(what);
    if (away === undefined) return;
    const code = away as "E_TRAEFIK_API_UNREACHABLE";
    throw new TraefikApiError(code, `traefik.api: not to be asked (${code})`);
  }

  function all(section: ListedSection): readonly TraefikResource[] {
    return [...config[section]].map(([name, definition]) => {
      const { status, errors } = complaints.get(resourceKey(section, name)) ?? {
        status: "enabled" as const,
        errors: [],
      };
      const key = resourceKey(section, (section === "http/routers" && renamed.get(name)) || name);
      return { key, section, provider: "file", status, errors, definition };
    });
  }

  function count(section: ListedSection): TraefikCount {
    const statuses = all(section).map(({ status }) => status);
    const of = (wanted: TraefikStatus) => statuses.filter((status) => status === wanted).length;
    return { total: statuses.length, warnings: of("warning"), errors: of("disabled") };
  }

  return {
    asked() {
      const since = asked;
      asked = [];
      return since;
    },
    takes(taken) {
      config = newConfig(splitCanaries(taken));
    },
    lists: (name, listed) => void renamed.set(name, listed),
    complains: (key, status, ...errors) => void complaints.set(key, { status, errors }),
    is(traefik) {
      running = { ...running, ...traefik };
    },
    goes(code) {
      away = code;
    },
    comesBack() {
      away = undefined;
    },
    async version() {
      ask("version");
      return running;
    },
    async running() {
      ask("running");
      return running;
    },
    async overview() {
      ask("overview");
      const counts = Object.fromEntries(LISTED_SECTIONS.map((section) => [section, count(section)]));
      return { counts: counts as Record<ListedSection, TraefikCount>, providers: running.providers };
    },
    async *resources(section, _signal, only) {
      ask(only === undefined ? section : `${section} ${only.status}`);
      yield all(section).filter(({ status }) => only === undefined || status === only.status);
    },
    async resource(section, name) {
      ask(`${section}/${name}`);
      return all(section).find(({ key }) => key === `${section}/${name}`);
    },
    close() {},
  };
}
