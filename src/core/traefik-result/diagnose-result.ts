import { nearest } from "../../base/nearest.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { nameInText } from "../diagnostics/name-in-text.ts";
import { splitCanaries } from "../traefik/chart/canary-split.ts";
import {
  type ConfigObject,
  isConfigObject,
  kindOf,
  protocolOf,
  type ResourceKey,
  routersOf,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { diagnoseTaking } from "./diagnose-taking.ts";
import { doubtSettings } from "./doubt-settings.ts";
import type { ResultContext } from "./result-context.ts";
import { isUntaken, type TraefikFlaw } from "./traefik-result.ts";
import { aboutResource, isAskedFor } from "./who-asked.ts";

/** What is wrong according to the running Traefik: with the chart as a whole, with the settings, and with what services asked for. */
export function diagnoseResult(context: ResultContext): readonly Diagnostic[] {
  const { result } = context;
  const chart = splitCanaries(context.chart);
  const { taking, flaws } = result;
  const ofFlaws = [...flaws].flatMap(([key, flaw]) => {
    const { section, name } = splitKey(key);
    const definition = chart[section].get(name);
    // What has gone from the chart meanwhile is no trouble; and what is not taken as a whole is told as a whole.
    if (definition === undefined || (isUntaken(taking) && flaw.kind !== "refused")) return [];
    return [aboutResource(key, flawFinding(key, definition, flaw, context), context)];
  });
  return [...diagnoseTaking(context), ...doubtSettings(context), ...ofFlaws, ...unknownResolvers(context)];
}

/** What is wrong with one router, service or middleware by the running Traefik, in words and with the remedy. */
export function flawFinding(
  key: ResourceKey,
  definition: ConfigObject,
  flaw: TraefikFlaw,
  context: ResultContext,
): Finding {
  const title = titleOf(key);
  if (flaw.kind === "missing") {
    return {
      code: "TRAEFIK_NOT_TAKEN",
      message: `${title} is in the chart, and Traefik has none of that name from it`,
      remedy:
        "look for its name in Traefik's log; where the file was replaced in the meantime, it is there at the next look",
    };
  }
  if (flaw.kind === "different") {
    return {
      code: "TRAEFIK_NOT_TAKEN",
      message: `${title} is another one in Traefik than in the chart: ${flaw.field} differs`,
      remedy: "look for another file beside the chart that defines the same name, and remove it there",
    };
  }
  return unknownEntryPoint(key, definition, flaw, context) ?? refusal(key, flaw);
}

function refusal(key: ResourceKey, { status, errors }: Extract<TraefikFlaw, { kind: "refused" }>): Finding {
  const isDisabled = status === "disabled";
  const did = isDisabled ? "has disabled it" : "serves it in part only";
  const said = errors.length === 0 ? "it does not say why" : errors.join("; ");
  return {
    code: isDisabled ? "TRAEFIK_DISABLED" : "TRAEFIK_WARNING",
    message: `${titleOf(key)}: Traefik ${did}: ${said}`,
    remedy: remedyFor(errors),
  };
}

/** Traefik's words for what only its static configuration or another provider could give. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /plugin/i,
    "declare the plugin in Traefik's static configuration (experimental.plugins) and restart it, or remove the middleware's tags",
  ],
  [/does not exist/, "define what does not exist where its provider reads it, or correct the reference"],
];

function remedyFor(errors: readonly string[]): string {
  const known = REMEDIES.find(([pattern]) => errors.some((error) => pattern.test(error)))?.[1];
  return known ?? "correct what Traefik names in the tags that define it";
}

/** A router that names an entry point which the running Traefik does not have. */
function unknownEntryPoint(
  key: ResourceKey,
  definition: ConfigObject,
  { status }: Extract<TraefikFlaw, { kind: "refused" }>,
  context: ResultContext,
): Finding | undefined {
  const known = context.result.traefik.entryPoints.map(({ name }) => name);
  const named = definition["entryPoints"];
  if (!Array.isArray(named) || known.length === 0) return undefined;
  const unknown = named.map(String).filter((name) => !known.includes(name));
  if (unknown.length === 0) return undefined;
  const effect = status === "disabled" ? "it is disabled" : "it is served at the others only";
  const corrected = [...new Set(named.map((name) => correctedName(String(name), known)))];
  return {
    code: "TRAEFIK_ENTRYPOINT_UNKNOWN",
    message: `${titleOf(key)} names the entry point ${unknown.map((name) => JSON.stringify(name)).join(", ")}, and the running Traefik has ${known.join(", ")}; ${effect}`,
    remedy: `${correction(key, "entrypoints", corrected.join(","), context)}; or add the entry point to Traefik's static configuration and restart it`,
  };
}

function correctedName(name: string, known: readonly string[]): string {
  if (known.includes(name)) return name;
  const public_ = known.filter((one) => one !== "traefik");
  return nearest(name, public_) ?? public_[0] ?? name;
}

/** Traefik's API shows such a router as enabled; it serves it with its own default certificate. */
function unknownResolvers(context: ResultContext): readonly Diagnostic[] {
  const { chart, result } = context;
  const known = result.traefik.configuration?.certResolvers;
  if (known === undefined) return [];
  const diagnostics: Diagnostic[] = [];
  for (const { key, router } of routersOf(chart)) {
    const tls = router["tls"];
    const resolver = isConfigObject(tls) ? String(tls["certResolver"] ?? "") : "";
    if (resolver === "" || known.includes(resolver)) continue;
    const has = known.length === 0 ? "none" : known.join(", ");
    const meant = nearest(resolver, known) ?? known[0];
    const add = "add it to certificatesResolvers in Traefik's static configuration and restart it";
    diagnostics.push(
      aboutResource(
        key,
        {
          code: "TRAEFIK_RESOLVER_UNKNOWN",
          message: `${titleOf(key)} names the certificate resolver ${JSON.stringify(resolver)}, and the running Traefik has ${has}; visitors get its default certificate`,
          remedy: meant === undefined ? add : `${correction(key, "tls.certresolver", meant, context)}; or ${add}`,
        },
        context,
      ),
    );
  }
  return diagnostics;
}

/** What to write in place of a wrong value: the tag, where a service asked for it. */
function correction(key: ResourceKey, field: string, value: string, context: ResultContext): string {
  const { section, name } = splitKey(key);
  if (!isAskedFor(key, context)) return `write ${field}: ${nameInText(value)}`;
  return `write the tag ${nameInText(`${context.settings.prefix}.${protocolOf(section)}.routers.${name}.${field}=${value}`)}`;
}

/** `router "shop"`, `tcp service "db"`. */
function titleOf(key: ResourceKey): string {
  const { section, name } = splitKey(key);
  const protocol = protocolOf(section);
  return `${protocol === "http" ? "" : `${protocol} `}${kindOf(section).slice(0, -1)} ${JSON.stringify(name)}`;
}
