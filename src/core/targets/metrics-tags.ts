import { foldCase } from "../../go/fold-case.ts";
import type { Catalog } from "../catalog/snapshot.ts";
import type { Finding } from "../diagnostics/finding.ts";
import {
  isMetricsPath,
  METRICS_PATH_ALLOWED,
  type MetricsEndpoint,
  USUAL_ENDPOINT,
} from "../ports/ledger/metrics-endpoint.ts";
import { type ConfigValue, isConfigObject } from "../traefik/chart/dynamic-config.ts";
import { decodeWith } from "../traefik/decode/decode.ts";
import { keyOf, type LabelProblem } from "../traefik/labels/label-problem.ts";
import { labelsOf } from "../traefik/labels/labels.ts";
import { schemaNode } from "../traefik/schema/lookup.ts";
import { object } from "../traefik/schema/schema.ts";
import { isOfMetrics, METRICS_FIELD } from "../translate/own-tags.ts";

/** What the tags of an instance say of its metrics. */
export type MetricsTags =
  /** They say nothing, or that it has none. */
  | { readonly kind: "none" }
  /** The port is the registered one where the tags name none. */
  | ({ readonly kind: "asked"; readonly port?: number } & MetricsEndpoint)
  | { readonly kind: "refused"; readonly problems: readonly Pick<Finding, "message" | "remedy" | "tag" | "spot">[] };

const PREFIX = "portolan";
const SCHEMA = schemaNode(object({ metrics: METRICS_FIELD }), "3.7");
const NONE: MetricsTags = { kind: "none" };

/** May err by true: do any of these tags, of one instance or of a service, ask that metrics be scraped? */
export function mayHaveMetrics(tags: readonly string[]): boolean {
  return tags.some(isOfMetrics);
}

const KEY = `${PREFIX}.metrics`;

/**
 * Reads `portolan.metrics=true`, `portolan.metrics.port=27899`, `.path` and `.scheme` by the grammar of all tags. What is wrong
 * with them costs the metrics alone, and no route.
 */
export function decodeMetricsTags(tags: readonly string[], catalog: Catalog): MetricsTags {
  const own = tags.filter(isOfMetrics);
  if (own.length === 0) return NONE;
  const labels = labelsOf(own, PREFIX, catalog);
  const decoded = decodeWith(SCHEMA, labels, ["traefik."]);
  if (decoded.kind === "refused") return decoded;
  const said = new Map([...labels.values()].map((label) => [foldCase(keyOf(label)), label]));
  const { metrics } = decoded.config;
  const { port, path, scheme } = isConfigObject(metrics) ? metrics : {};
  const problems = [
    wrong("", said.get(KEY), (value) => /^(?:true|false)?$/i.test(value), "true or false"),
    wrong(".port", said.get(`${KEY}.port`), () => isPort(port), "a port from 1 to 65535"),
    wrong(".path", said.get(`${KEY}.path`), (value) => value === "" || isMetricsPath(value), METRICS_PATH_ALLOWED),
    wrong(".scheme", said.get(`${KEY}.scheme`), (value) => /^(?:https?)?$/.test(value), "http or https"),
  ].filter((problem) => problem !== undefined);
  // What is switched off is not looked at further.
  if (metrics === undefined && problems.every(({ key }) => key !== "")) return NONE;
  if (problems.length > 0) return { kind: "refused", problems };
  return {
    kind: "asked",
    ...(isPort(port) ? { port: Number(port) } : {}),
    path: path === undefined || path === "" ? USUAL_ENDPOINT.path : String(path),
    scheme: scheme === "https" ? "https" : USUAL_ENDPOINT.scheme,
  };
}

function isPort(port: ConfigValue | undefined): boolean {
  return Number(port) >= 1 && Number(port) <= 65_535;
}

type Said = Parameters<typeof keyOf>[0] & { readonly value: string };

function wrong(
  key: string,
  label: Said | undefined,
  isRight: (value: string) => boolean,
  allowed: string,
): (Omit<LabelProblem, "code"> & { readonly key: string }) | undefined {
  if (label === undefined || isRight(label.value)) return undefined;
  return {
    key,
    tag: label.tag,
    spot: { in: "value" },
    message: `key "${KEY}${key}" has ${JSON.stringify(label.value)}, allowed is ${allowed}`,
    remedy: "correct the value, or remove the tag",
  };
}
