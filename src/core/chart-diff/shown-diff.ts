import {
  type ConfigValue,
  isConfigObject,
  kindOf,
  protocolOf,
  type ResourceKey,
  routerLabel,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { maskSecrets } from "../traefik/mask-secrets.ts";
import type { ChartDiff, ResourceDiff, RouterDiff } from "./chart-diff.ts";
import { type FieldChange, fieldChanges } from "./field-changes.ts";

type Kind = RouterDiff["kind"];

/** A field that differs, as text. */
export interface ShownField {
  /** `loadBalancer.servers` */
  readonly name: string;
  readonly kind: Kind;
  /** Absent where it was not set, or is a secret. */
  readonly before?: string;
  readonly after?: string;
  readonly isSecret?: true;
}

/** One thing that differs. */
export interface ShownResource {
  readonly key: string;
  /** `router web`, `tcp middleware limit` */
  readonly label: string;
  readonly kind: Kind;
  /** Of a router that goes, of which no field is told. */
  readonly rule?: string;
  /** None of what goes. */
  readonly fields: readonly ShownField[];
}

/** What differs between two charts, as any reader may see it: without secrets, each thing once, others by its key. */
export interface ShownDiff {
  readonly counts: Readonly<Record<Kind, number>>;
  readonly routers: readonly {
    readonly key: string;
    readonly label: string;
    readonly kind: Kind;
    /** The keys of what differs: the router itself first, where it does. */
    readonly resources: readonly string[];
  }[];
  readonly resources: readonly ShownResource[];
  /** The keys of those that no router leads to. */
  readonly others: readonly string[];
}

export function shownDiff({ routers, others, counts }: ChartDiff): ShownDiff {
  const all = new Set([...routers.flatMap(({ resources }) => resources), ...others]);
  return {
    counts,
    routers: routers.map(({ key, kind, resources }) => ({
      key,
      label: `router ${routerLabel(key)}`,
      kind,
      resources: resources.map((resource) => resource.key),
    })),
    resources: [...all].map(shownResource),
    others: others.map(({ key }) => key),
  };
}

function shownResource(resource: ResourceDiff): ShownResource {
  const { key, kind } = resource;
  const rule = ruleOf(resource);
  return {
    key,
    label: labelOf(key),
    kind,
    ...(rule === undefined ? {} : { rule }),
    fields: kind === "removed" ? [] : fieldChanges(resource).map(shownField),
  };
}

function ruleOf({ key, kind, before }: ResourceDiff): string | undefined {
  if (before === undefined || kind !== "removed") return undefined;
  const rule = maskSecrets(splitKey(key).section, before)["rule"];
  return typeof rule === "string" ? rule : undefined;
}

/** A field as any reader may see it. */
export function shownField({ path, before, after, isSecret }: FieldChange): ShownField {
  const name = path.join(".");
  if (isSecret === true) return { name, kind: "changed", isSecret };
  const kind = before === undefined ? "added" : after === undefined ? "removed" : "changed";
  return {
    name,
    kind,
    ...(before === undefined ? {} : { before: valueText(before) }),
    ...(after === undefined ? {} : { after: valueText(after) }),
  };
}

/** A server is its address; anything else is as in the chart. */
function valueText(value: ConfigValue): string {
  if (isConfigObject(value)) {
    const [[field, only] = [], ...others] = Object.entries(value);
    if (others.length === 0 && typeof only === "string" && (field === "url" || field === "address")) return only;
    return JSON.stringify(value);
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** `service web`, `tcp middleware limit`, `TLS options strict`. */
export function labelOf(key: ResourceKey): string {
  const { section, name } = splitKey(key);
  const protocol = protocolOf(section);
  if (protocol === "tls") return `TLS ${kindOf(section) === "options" ? "options" : "store"} ${name}`;
  const kind = kindOf(section)
    .replace(/^serversTransports$/, "transports")
    .replace(/s$/, "");
  return `${protocol === "http" ? "" : `${protocol} `}${kind} ${name}`;
}
