import { instanceKey, type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import type { Decision } from "../decision.ts";
import type { Diagnostic, DiagnosticCode } from "../diagnostics/diagnostics.ts";
import { toldOfName } from "../diagnostics/told-of-name.ts";
import { type InstanceState, leftOutIn, type Translated, translatedAt } from "../instances/instance-state.ts";
import { type ResourceKey, SECTIONS, splitKey } from "../traefik/chart/dynamic-config.ts";

/** What became of a name at one instance whose tags ask for it. */
export type Fate =
  /** It was left out, with this word about it. */
  | { readonly kind: "left-out"; readonly code: DiagnosticCode; readonly message: string; readonly remedy: string }
  /** The instance gets no traffic, by its health (`status`), or since its turn has not come. */
  | { readonly kind: "unhealthy"; readonly status: string }
  | { readonly kind: "standby" }
  /** Its tags count for nothing: it asks for no route, or its constraints exclude it. */
  | { readonly kind: "hidden" }
  /** It is registered, and what is new of it waits: its service flaps. */
  | { readonly kind: "waiting" }
  /** It asks for it, and nothing was said against it. */
  | { readonly kind: "asked" };

/** What is known of a pass by name: who asks for it, and what became of it there. */
export interface Claims {
  /** The instances whose tags ask for a name, healthy or not, refused or not. */
  of(key: ResourceKey): readonly ServiceInstance[];
  /** What became of a name at an instance. */
  fateAt(key: ResourceKey, instance: ServiceInstance): Fate;
  /** What the pass reported when it left the name out, for whichever service. */
  leftOut(key: ResourceKey): Diagnostic | undefined;
  /** As the pass translated the instance; undefined where it did not look at it. */
  translated(instance: ServiceInstance): Translated | undefined;
}

/** Looks a pass up by name. */
export function claimsIn({ memory, diagnostics }: Decision): Claims {
  const { services } = memory.translation;
  const asking = new Map<ResourceKey, ServiceInstance[]>();
  const note = (key: ResourceKey, instance: ServiceInstance) => {
    const known = asking.get(key);
    if (known === undefined) asking.set(key, [instance]);
    else known.push(instance);
  };
  for (const own of services.values()) {
    for (const { instance, state } of own) for (const key of namesIn(state)) note(key, instance);
  }
  const translated = (instance: ServiceInstance) => translatedAt(services, instance);
  return {
    of: (key) => asking.get(key) ?? [],
    leftOut: (key) => toldOfName(key, undefined, diagnostics)[0],
    translated,
    fateAt(key, instance) {
      const found = translated(instance);
      if (found === undefined) return { kind: "waiting" };
      const own = fateIn(key, found.state);
      if (own.kind !== "asked") return own;
      const [of] = toldOfName(key, serviceKey(instance), diagnostics);
      return of === undefined ? own : wordOf(of);
    },
  };
}

function* namesIn(state: InstanceState): Generator<ResourceKey> {
  const fragment = "fragment" in state ? state.fragment : undefined;
  if (fragment !== undefined) {
    for (const section of SECTIONS) for (const name of fragment.config[section].keys()) yield `${section}/${name}`;
  }
  yield* leftOutIn(state)?.keys() ?? [];
}

function fateIn(key: ResourceKey, state: InstanceState): Fate {
  switch (state.kind) {
    case "hidden": {
      const [said] = state.diagnostics ?? [];
      return said === undefined ? { kind: "hidden" } : wordOf(said);
    }
    case "refused": {
      const own = state.leftOut?.get(key)?.cause ?? state.diagnostics[0];
      return own === undefined ? { kind: "hidden" } : wordOf(own);
    }
    case "unhealthy":
      return { kind: "unhealthy", status: state.health.status };
    case "standby":
      return { kind: "standby" };
    case "routed": {
      const cause = state.fragment.leftOut.get(key)?.cause;
      if (cause !== undefined) return wordOf(cause);
      const { section, name } = splitKey(key);
      return state.fragment.config[section].has(name) ? { kind: "asked" } : { kind: "hidden" };
    }
  }
}

function wordOf({ code, message, remedy }: Pick<Diagnostic, "code" | "message" | "remedy">): Fate {
  return { kind: "left-out", code, message, remedy };
}

/** Each instance once. */
export function distinct(instances: Iterable<ServiceInstance>): readonly ServiceInstance[] {
  return [...new Map([...instances].map((one) => [instanceKey(one), one])).values()];
}
