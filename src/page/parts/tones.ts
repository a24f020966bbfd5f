import type { RouteState, Severity } from "../../api/resources/words.ts";
import type { Tone } from "./tone.ts";

export const STATE_TONES: Readonly<Record<RouteState, Tone>> = {
  live: "good",
  held: "warning",
  emptied: "bad",
  sleeping: "quiet",
  disabled: "bad",
  untaken: "bad",
};

/** What a state means, in short. */
export const STATE_WORDS: Readonly<Record<RouteState, string>> = {
  live: "published, with a server",
  held: "kept with its servers, although no instance asks for it",
  emptied: "without a server: answers 503, and goes when its grace ends",
  sleeping: "without a server, kept as its owner or the operator wishes",
  disabled: "the running Traefik has disabled it",
  untaken: "the running Traefik lacks it, or has another one of that name",
};

export const SEVERITY_TONES: Readonly<Record<Severity, Tone>> = { error: "bad", warning: "warning", info: "quiet" };
