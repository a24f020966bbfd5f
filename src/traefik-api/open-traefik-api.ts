import type { z } from "zod";
import type { RunningTraefik, TraefikConfiguration } from "../core/traefik-result/running-traefik.ts";
import type { ListedSection, TraefikResource } from "../core/traefik-result/traefik-resource.ts";
import { parseDuration } from "../go/duration.ts";
import { entryPointsAnswer, overviewAnswer, staticConfiguration, versionAnswer } from "./answers.ts";
import { otherServer, TraefikApiError, toApiError } from "./api-error.ts";
import { createApiRequests, isSuccess, type TraefikApiEnvironment, type TraefikApiSettings } from "./api-requests.ts";
import { archivedFile } from "./archived-file.ts";
import { resourceFrom } from "./resource-answer.ts";
import type { TraefikApi, TraefikOverview } from "./traefik-api.ts";

/** Few requests, and none that takes long to read: a page is parsed at once, and other work waits for that. */
const PER_PAGE = 500;
/** More than this no Traefik has; an API that never comes to an end must come to one here. */
const MOST_PAGES = 400;

/**
 * Opens nothing yet: connections are made when something is asked. Throws AppError (exit code 78) where a TLS file cannot be
 * used.
 */
export function openTraefikApi(settings: TraefikApiSettings, environment: TraefikApiEnvironment): TraefikApi {
  const { get, stream, place, close } = createApiRequests(settings, environment);

  async function read<T>(schema: z.ZodType<T>, path: string, signal: AbortSignal): Promise<T> {
    const { text } = await get(path, signal);
    const parsed = schema.safeParse(json(text));
    if (parsed.success) return parsed.data;
    const where = parsed.error.issues[0]?.path.map(String).join(".").slice(0, 60) ?? "";
    throw otherServer(place, `${path.replace(/\?.*/, "")} is of another form${where === "" ? "" : ` (${where})`}`);
  }

  function json(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw toApiError(error, place);
    }
  }

  /** What is not shown costs nothing but what it would have told: proxies in between may allow less than all. */
  async function configuration(signal: AbortSignal): Promise<TraefikConfiguration | undefined> {
    try {
      const text = await stream("/api/support-dump", signal, async ({ status, parts }, mostBytes) =>
        isSuccess(status) ? await archivedFile(parts, "static-config.json", mostBytes) : undefined,
      );
      if (text === undefined) return undefined;
      const parsed = staticConfiguration.safeParse(json(text));
      if (!parsed.success) return undefined;
      const { throttle, poll, ...rest } = parsed.data;
      return { ...rest, throttleMs: msOf(throttle), pollMs: msOf(poll) };
    } catch (error) {
      if (error instanceof TraefikApiError && error.apiCode === "E_TRAEFIK_API_ABORTED") throw error;
      return undefined;
    }
  }

  const version = (signal: AbortSignal) => read(versionAnswer, "/api/version", signal);

  async function overview(signal: AbortSignal): Promise<TraefikOverview> {
    const { http, tcp, udp, providers } = await read(overviewAnswer, "/api/overview", signal);
    return {
      counts: {
        "http/routers": http.routers,
        "http/services": http.services,
        "http/middlewares": http.middlewares,
        "tcp/routers": tcp.routers,
        "tcp/services": tcp.services,
        "tcp/middlewares": tcp.middlewares,
        "udp/routers": udp.routers,
        "udp/services": udp.services,
      },
      providers: providers ?? [],
    };
  }

  function resourceOf(section: ListedSection, found: unknown): TraefikResource {
    const resource = resourceFrom(section, found);
    if (resource === undefined) throw otherServer(place, `/api/${section} lists something else than ${section}`);
    return resource;
  }

  async function* resources(
    section: ListedSection,
    signal: AbortSignal,
    only?: Parameters<TraefikApi["resources"]>[2],
  ): ReturnType<TraefikApi["resources"]> {
    const status = only === undefined ? "" : `&status=${only.status}`;
    for (let page = 1; page <= MOST_PAGES; ) {
      const path = `/api/${section}?page=${page}&per_page=${PER_PAGE}${status}`;
      // A page beyond the end is refused: there are fewer than when the page before was read.
      const answer = await get(path, signal, (code) => isSuccess(code) || (code === 400 && page > 1));
      if (!isSuccess(answer.status)) return;
      const found = json(answer.text);
      if (!Array.isArray(found)) throw otherServer(place, `/api/${section} is no list`);
      yield found.map((one: unknown) => resourceOf(section, one));
      const next = Number(answer.header("x-next-page") ?? 1);
      // The last page names the first one as its next.
      if (!Number.isSafeInteger(next) || next <= page) return;
      page = next;
    }
    throw new TraefikApiError(
      "E_TRAEFIK_API_TOO_LARGE",
      `${place.setting}: ${place.address} lists more than ${MOST_PAGES * PER_PAGE} ${section}; check that it is Traefik's API`,
    );
  }

  return {
    version,
    overview,
    resources,
    async running(signal): Promise<RunningTraefik> {
      const found = await version(signal);
      const { providers } = await overview(signal);
      const entryPoints = await read(entryPointsAnswer, `/api/entrypoints?per_page=10000`, signal);
      return { ...found, providers, entryPoints, configuration: await configuration(signal) };
    },
    async resource(section, name, provider, signal) {
      const path = `/api/${section}/${encodeURIComponent(`${name}@${provider}`)}`;
      const answer = await get(path, signal, (status) => isSuccess(status) || status === 404);
      return isSuccess(answer.status) ? resourceOf(section, json(answer.text)) : undefined;
    },
    close,
  };
}

/** Of a duration as Traefik writes it; undefined where it is none. */
function msOf(duration = ""): number | undefined {
  const ns = parseDuration(duration);
  return ns === undefined ? undefined : Number(ns / 1_000_000n);
}
