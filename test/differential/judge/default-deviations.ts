import { isDeepStrictEqual } from "node:util";
import { healthOf } from "../../../src/core/catalog/health.ts";
import { type Catalog, type ServiceInstance, serviceKey } from "../../../src/core/catalog/snapshot.ts";
import { translatorLikeTraefik } from "../../../src/core/compat/translator.ts";
import type { Diagnostic, DiagnosticCode } from "../../../src/core/diagnostics/diagnostics.ts";
import { translateInstance } from "../../../src/core/instances/instance.ts";
import { splitKey } from "../../../src/core/traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf } from "../../../src/core/traefik/chart/servers.ts";
import { decodeExposure } from "../../../src/core/traefik/decode/exposure.ts";
import { labelsOf } from "../../../src/core/traefik/labels/labels.ts";
import { normalize } from "../../../src/core/traefik/normalize.ts";
import { foldCase } from "../../../src/go/fold-case.ts";
import type { Evidence } from "./evidence.ts";

/** One way in which the default mode differs from Traefik on purpose. docs/compatibility.md has a line for each, in this order. */
export interface DefaultDeviation {
  readonly id: string;
  /**
   * `refused`: something is left out that Traefik would route; `served`: something is served that Traefik would not serve;
   * `idle`: what is left out serves nothing in Traefik either.
   */
  readonly kind: "refused" | "served" | "idle";
  /** What the default mode does. */
  readonly sentence: string;
  /** Where it can show; everywhere if left out. */
  readonly only?: Catalog;
  /** May what became of this name come from it? */
  explains(evidence: Evidence): boolean;
  /** Is this said of something that stays refused although Traefik would route it, whatever printed line is copied? */
  never?(diagnostic: Diagnostic): boolean;
}

export const DEFAULT_DEVIATIONS: readonly DefaultDeviation[] = [
  {
    id: "port-window",
    kind: "refused",
    sentence:
      "a service is left out whose backend, and a middleware whose forwardAuth or Redis, is not on a dynamic port",
    explains: says("PORT_OUTSIDE_WINDOW"),
  },
  {
    id: "host-claims",
    kind: "refused",
    sentence: "a router that would take a host, or a whole entry point, from its first owner is left out",
    explains: (evidence) =>
      saysOfName(evidence, "HOST_TAKEN") ||
      saysOfName(evidence, "SHADOWS_OWNED_HOST") ||
      saysOfName(evidence, "HOST_TLS_TAKEN"),
    never: ({ code, message }) =>
      code === "SHADOWS_OWNED_HOST" ||
      (code === "HOST_TAKEN" && message.includes(" asks for all that ")) ||
      (code === "HOST_TLS_TAKEN" && message.endsWith(", and Traefik would use neither")),
  },
  {
    id: "health-check",
    kind: "refused",
    sentence:
      "a health check is left out that asks for more than GET or HEAD of the instance itself, and none follows redirects",
    // Without their checks definitions may be alike that Traefik's provider deletes, since they differ.
    explains: ({ differing, diagnostics, key }) =>
      differing.every((path) => path.includes('"loadBalancer"."healthCheck"')) ||
      diagnostics.some(
        ({ code, message }) => code === "HEALTH_CHECK_REFUSED" && message.startsWith(`the health check of ${key} `),
      ),
  },
  {
    id: "borrowing",
    kind: "refused",
    sentence:
      "what uses a service, a transport or TLS options of another party is left out, unless the settings open it",
    explains: says("USE_REFUSED"),
  },
  {
    id: "strangers-servers",
    kind: "refused",
    sentence: "a stranger that defines another one's service alike does not join its servers to it",
    explains: ({ diagnostics }) => diagnostics.some(isStrangersServers),
    never: isStrangersServers,
  },
  {
    id: "operator-only",
    kind: "refused",
    sentence: "a tag gets nothing that is about Traefik itself: its API, its own entry point, the default certificate",
    explains: says("OPERATOR_ONLY"),
    never: ({ code }) => code === "OPERATOR_ONLY",
  },
  {
    id: "metadata",
    kind: "refused",
    sentence:
      "a service is left out whose backend, and a middleware whose forwardAuth or Redis, is a link-local address, and one whose Redis is a cluster",
    explains: says("BACKEND_REFUSED"),
    never: ({ code }) => code === "BACKEND_REFUSED",
  },
  {
    id: "registration-size",
    kind: "refused",
    sentence: "an instance is left out that has more tags, or takes more room, than one may",
    explains: says("REGISTRATION_TOO_LARGE"),
    never: ({ code }) => code === "REGISTRATION_TOO_LARGE",
  },
  {
    id: "budgets",
    kind: "refused",
    sentence: "what would cost Traefik more memory or work than tags may ask for is left out",
    explains: ({ diagnostics }) => diagnostics.some(isOfBudgets),
    never: isOfBudgets,
  },
  {
    id: "own-tags",
    kind: "refused",
    sentence: "tags that start with `portolan.` are portolan's own, and a bad one quarantines its instance",
    explains: ({ claims }) => claims.some(({ instance }) => instance.tags.some((tag) => tag.startsWith("portolan."))),
  },
  {
    id: "first-owner",
    kind: "served",
    sentence: "a name that several services define differently stays with its first owner, and is not deleted",
    explains: (evidence) =>
      saysOfName(evidence, "NAME_TAKEN") ||
      (isDeleted(evidence) && new Set(evidence.claims.map(({ instance }) => serviceKey(instance))).size > 1),
    never: ({ code, message }) => code === "NAME_TAKEN" && message.includes(", which is of another namespace"),
  },
  {
    id: "newest-wins",
    kind: "served",
    sentence: "where instances of one service disagree, the newest definition counts, and is not deleted",
    explains: (evidence) => saysOfName(evidence, "DEFINITION_SUPERSEDED"),
  },
  {
    id: "canary",
    kind: "served",
    sentence: "what a canary defines otherwise than the stable instances of its service is left out",
    explains: says("CANARY_LEFT_OUT"),
  },
  {
    id: "refused-in-part",
    kind: "served",
    sentence: "a service that cannot be had costs itself and what refers to it, and not the rest of its instance",
    explains: (evidence) => evidence.instances.some((instance) => hasInPart(instance, evidence)),
  },
  {
    id: "own-exposure",
    kind: "served",
    sentence: "each instance is exposed by its own tags, whatever those of its siblings say about exposure or Connect",
    explains: (evidence) => evidence.claims.some(({ instance }) => differsFromUnion(instance, evidence)),
  },
  {
    id: "enable-spelling",
    kind: "served",
    sentence: "an instance is asked for by whatever reads as `enable=true`, not by that very text alone",
    explains: (evidence) => evidence.claims.some(({ instance }) => isSpelledOtherwise(instance, evidence)),
  },
  {
    id: "default-rule-spelled-out",
    kind: "served",
    sentence: "a router with the default rule and one that spells the same rule out are the same",
    explains: (evidence) =>
      isDeleted(evidence) && new Set(evidence.claims.map(({ isByDefaultRule }) => isByDefaultRule)).size > 1,
  },
  {
    id: "bracketed-address",
    kind: "served",
    sentence: "an address that is registered in brackets does not get a second pair",
    explains: ({ claims }) => claims.some(({ instance }) => (instance.address || instance.nodeAddress).startsWith("[")),
  },
  {
    id: "shared-status",
    kind: "served",
    only: "consul",
    sentence: "on nodes without an id each instance has its own health, also where several share a service id",
    explains: (evidence) => evidence.claims.some(({ instance }) => sharesStatus(instance, evidence)),
  },
  {
    id: "item-key-collision",
    kind: "served",
    sentence: "instances whose node, service and id are the same once they are normalised are all heard",
    explains: (evidence) => evidence.claims.some(({ instance }) => collides(instance, evidence)),
  },
  {
    id: "same-server-twice",
    kind: "served",
    sentence: "of two instances that define one server in two ways the newer one counts",
    explains: definesServerTwice,
  },
  {
    id: "dangling",
    kind: "idle",
    sentence: "what refers to a service or middleware that no service defines, or that was left out, is left out",
    explains: (evidence) => saysOfName(evidence, "REFERENCE_UNKNOWN") || saysOfName(evidence, "REFERENCE_REFUSED"),
  },
  {
    id: "unsound",
    kind: "idle",
    sentence: "a router, service or middleware is left out that Traefik would disable",
    explains: says(
      "RULE_SYNTAX",
      "HOSTSNI_WITHOUT_TLS",
      "PRIORITY_OUT_OF_RANGE",
      "TYPE_AMBIGUOUS",
      "TYPE_MISSING",
      "SERVER_URL_INVALID",
      "VALUE_UNKNOWN",
      "VALUE_MISSING",
      "NAME_EMPTY",
    ),
  },
  {
    id: "unusable-backend",
    kind: "idle",
    sentence: "a service is left out whose backend is not an address that Traefik can use",
    explains: ({ diagnostics }) => diagnostics.some(isUnusableBackend),
    never: isUnusableBackend,
  },
  {
    id: "at-in-name",
    kind: "idle",
    sentence: "a router, service or middleware is left out that has `@` in its name",
    explains: says("NAME_OF_PROVIDER"),
  },
  {
    id: "unused",
    kind: "idle",
    sentence: "a service or middleware is left out that no router of the chart leads to",
    explains: ({ isUnused, isAskedFor }) => isUnused && !isAskedFor,
  },
];

/** Of what exceeds itself, and of what refers to it: the cause is cited. */
function isOfBudgets({ code, message }: Diagnostic): boolean {
  if (code === "VALUE_OUT_OF_BOUNDS" || code === "BUDGET_EXCEEDED" || code === "REFERENCE_CIRCULAR") return true;
  return code === "REFERENCE_REFUSED" && BUDGET_CAUSES.some((cause) => message.includes(cause));
}

const BUDGET_CAUSES = [
  ", allowed in tags: ",
  " without forwardAuth.maxBodySize: ",
  " unfolds to ",
  " leads back to itself: ",
];

function says(...codes: readonly DiagnosticCode[]): (evidence: Evidence) => boolean {
  return ({ diagnostics }) => diagnostics.some(({ code }) => codes.includes(code));
}

function isStrangersServers({ code, message }: Diagnostic): boolean {
  return code === "NAME_TAKEN" && message.includes("shares its servers with");
}

function isUnusableBackend({ code, message }: Diagnostic): boolean {
  return (
    (code === "TAG_BAD_VALUE" && /^the backend of|^forwardAuth\.address|^rateLimit\.redis/.test(message)) ||
    (code === "INSTANCE_NO_PORT" && message.endsWith("has port 0, which is none"))
  );
}

/** Messages about a name begin with it. */
function saysOfName({ diagnostics, key }: Evidence, wanted: DiagnosticCode): boolean {
  return diagnostics.some(({ code, message }) => code === wanted && message.startsWith(`${key} `));
}

function isDeleted({ compatDiagnostics, key }: Evidence): boolean {
  return compatDiagnostics.some(({ code, message }) => code === "NAME_CONFLICT" && message.startsWith(`${key} `));
}

/** Does the default mode read this name from an instance of which Traefik takes nothing? */
function hasInPart(one: ServiceInstance, { key, settings }: Evidence): boolean {
  const instance = { ...one, checks: [] };
  if (translatorLikeTraefik(settings)(instance).state.kind !== "refused") return false;
  const { state } = translateInstance(instance, settings);
  const { section, name } = splitKey(key);
  return state.kind === "routed" && state.fragment.config[section].has(name);
}

function siblingsOf(instance: ServiceInstance, { instances }: Evidence): readonly ServiceInstance[] {
  return instances.filter((each) => serviceKey(each) === serviceKey(instance));
}

function differsFromUnion(instance: ServiceInstance, evidence: Evidence): boolean {
  const { prefix, exposedByDefault, constraints } = evidence.settings.traefik;
  const union = [...new Set(siblingsOf(instance, evidence).flatMap(({ tags }) => tags))];
  const [own, all] = [instance.tags, union].map((tags) => {
    const exposure = decodeExposure(instance.catalog, labelsOf(tags, prefix, instance.catalog), exposedByDefault);
    const connect = exposure.kind === "exposed" && exposure.connect;
    return [exposure.kind, connect, constraints(tags)];
  });
  return !isDeepStrictEqual(own, all);
}

function isSpelledOtherwise({ catalog, tags }: ServiceInstance, { settings }: Evidence): boolean {
  if (settings.traefik.exposedByDefault) return false;
  const text = `${settings.traefik.prefix}.enable=true`;
  return catalog === "nomad" ? !tags.includes(text) : !tags.some((tag) => foldCase(tag) === foldCase(text));
}

function sharesStatus(instance: ServiceInstance, evidence: Evidence): boolean {
  return siblingsOf(instance, evidence).some(
    (other) =>
      other.nodeId === instance.nodeId &&
      other.id === instance.id &&
      healthOf(other).status !== healthOf(instance).status,
  );
}

function collides(instance: ServiceInstance, { instances }: Evidence): boolean {
  const itemOf = ({ node, service, id }: ServiceInstance) => normalize(`${node}-${service}-${id}`);
  return instances.some((other) => other !== instance && itemOf(other) === itemOf(instance));
}

function definesServerTwice({ claims }: Evidence): boolean {
  const servers = claims.flatMap(({ object }) => serversOf(object));
  return servers.some((one) =>
    servers.some((other) => endpointOf(one) === endpointOf(other) && !isDeepStrictEqual(one, other)),
  );
}
