import type { EventRow } from "../../api/resources/events.ts";
import type { Tone } from "../parts/tone.ts";

/** What happened, in a word that a filter takes: `kind:came`. */
export const EVENT_KINDS = [
  ...(["came", "went", "changed", "servers", "emptied", "back", "hold", "release", "rollback", "publication"] as const),
  ...(["diagnostic", "settled", "port", "writer", "traefik", "other"] as const),
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

const KINDS: Readonly<Record<string, EventKind>> = {
  "route.added": "came",
  "route.removed": "went",
  "route.changed": "changed",
  "route.servers": "servers",
  "route.emptied": "emptied",
  "route.restored": "back",
  "chart.held": "hold",
  "chart.released": "release",
  "chart.rolled-back": "rollback",
  "chart.published": "publication",
  "chart.standby": "writer",
  "chart.taken-over": "writer",
  "chart.refused": "traefik",
  "chart.loadable": "traefik",
  "traefik.untaken": "traefik",
  "traefik.taken": "traefik",
  "diagnostic.found": "diagnostic",
  "diagnostic.untold": "diagnostic",
  "diagnostic.cleared": "settled",
  "ports.status": "port",
  "ports.contested": "port",
};

export function kindOf({ event }: Pick<EventRow, "event">): EventKind {
  return KINDS[event] ?? "other";
}

/** By how a kind is told apart where no colour is seen, and how grave it is. */
export const KIND_SIGNS: Readonly<
  Record<EventKind, { readonly sign: string; readonly tone: Tone; readonly means: string }>
> = {
  came: { sign: "+", tone: "good", means: "a router came" },
  went: { sign: "−", tone: "bad", means: "a router went; requests answer 404 from now on" },
  changed: { sign: "~", tone: "plain", means: "a router's rule, middlewares or options changed" },
  servers: { sign: "~", tone: "plain", means: "servers of a router came or went" },
  emptied: { sign: "−", tone: "bad", means: "a router lost its last server; requests answer 503 for the grace time" },
  back: { sign: "+", tone: "good", means: "a router without servers has one again" },
  hold: { sign: "‖", tone: "warning", means: "routers would lose their last server and keep it for now" },
  release: { sign: "▸", tone: "plain", means: "a hold or a rollback has ended" },
  rollback: { sign: "↩", tone: "warning", means: "a person has published an earlier chart again" },
  publication: { sign: "•", tone: "quiet", means: "the file was replaced without a change of any router" },
  diagnostic: { sign: "!", tone: "warning", means: "something about a service's tags or ports is wrong" },
  settled: { sign: "✓", tone: "good", means: "what a diagnostic said is no longer so" },
  port: { sign: "◆", tone: "plain", means: "a port stands otherwise than before" },
  writer: { sign: "⇄", tone: "warning", means: "another portolan writes the file, or does so no more" },
  traefik: { sign: "!", tone: "warning", means: "Traefik has not the chart, or has it again" },
  other: { sign: "•", tone: "quiet", means: "something else" },
};

/** A port that is Squatted or in Conflict is graver than one that stands otherwise. */
export function toneOf(event: Pick<EventRow, "event">): Tone {
  if (event.event === "ports.contested" || event.event === "traefik.untaken" || event.event === "chart.refused")
    return "bad";
  if (event.event === "traefik.taken" || event.event === "chart.loadable") return "good";
  return KIND_SIGNS[kindOf(event)].tone;
}
