import { compileTemplate } from "../../go-template/go-template.ts";
import { normalize } from "../traefik/normalize.ts";

/** What the template sees, each key as a field: Traefik's `.Name` and `.Labels`, and what portolan adds. */
export interface RuleData {
  /** The service's name as registered. */
  readonly Name: string;
  /** The tags' values under their keys, which start with `traefik.` whatever the prefix is. */
  readonly Labels: ReadonlyMap<string, string>;
  readonly Node: string;
  readonly Datacenter: string;
  /** Empty where the catalog has no namespaces. */
  readonly Namespace: string;
  /** The service's own, else its node's. */
  readonly Address: string;
  readonly Port: number;
  /** As registered. */
  readonly Tags: readonly string[];
  /** The registration's free texts by key. */
  readonly Meta: ReadonlyMap<string, string>;
  /** The registration's other addresses by name, such as `lan` or `wan`. */
  readonly TaggedAddresses: ReadonlyMap<string, string>;
}

const FIELDS: readonly (keyof RuleData)[] = [
  ...(["Name", "Labels", "Node", "Datacenter", "Namespace", "Address", "Port", "Tags"] as const),
  ...(["Meta", "TaggedAddresses"] as const),
];

/** The rule of a service; an empty one means no router, and so does a failure, as in Traefik. */
export type RenderedRule =
  | { readonly kind: "rendered"; readonly rule: string }
  | { readonly kind: "failed"; readonly message: string };

export type CompiledRule = (data: RuleData) => RenderedRule;

export type DefaultRule =
  | { readonly kind: "compiled"; readonly render: CompiledRule }
  | { readonly kind: "refused"; readonly message: string };

/**
 * Compiles the default rule, which is a template of Go's text/template with sprig's functions and Traefik's `normalize`, as in
 * its consulCatalog and nomad providers. What reads the environment, the clock or the network, and what depends on
 * chance is refused.
 */
export function compileDefaultRule(template: string): DefaultRule {
  const compiled = compileTemplate(template, FIELDS, { normalize });
  if (compiled.kind === "refused") return { kind: "refused", message: `the default rule, ${compiled.message}` };
  return {
    kind: "compiled",
    render: (data) => {
      const rendering = compiled.render({ ...data });
      return rendering.kind === "failed" ? rendering : { kind: "rendered", rule: rendering.text };
    },
  };
}
