import { compileTemplate } from "../../go-template/go-template.ts";
import type { CompiledRule, RuleData } from "../settings.ts";
import { normalize } from "../traefik/normalize.ts";

const FIELDS: readonly (keyof RuleData)[] = [
  ...(["Name", "Labels", "Node", "Datacenter", "Namespace", "Address", "Port", "Tags"] as const),
  ...(["Meta", "TaggedAddresses"] as const),
];

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
