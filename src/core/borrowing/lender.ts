import type { ServiceInstance } from "../catalog/snapshot.ts";
import { allows } from "../policy/allow.ts";
import type { CoreSettings } from "../settings.ts";
import { type NamedReference, wordOf } from "../traefik/chart/references.ts";

/**
 * Whose a service, transport or set of TLS options is that a tag names:
 *
 * | kind | it is defined by |
 * |---|---|
 * | `service` | a service of the catalog |
 * | `operator` | the settings or a snippet |
 * | `elsewhere` | another provider of Traefik's, or another file |
 */
export type Lender =
  | { readonly kind: "service"; readonly service: string }
  | { readonly kind: "operator"; readonly origin: string }
  | { readonly kind: "elsewhere" };

/** Do the settings open what a reference names for the services of an instance? By the name as it is, or as tags may spell it. */
export function isOpened(
  settings: Pick<CoreSettings, "allow">,
  instance: ServiceInstance | undefined,
  { name }: NamedReference,
  lender: Lender,
): boolean {
  if (instance === undefined || settings.allow.length === 0) return false;
  const spellings = lender.kind === "elsewhere" ? [name] : spellingsOf(name.replace(/@file$/, ""), name);
  return spellings.some((spelling) => allows(settings, instance, { uses: [spelling] }));
}

function spellingsOf(bare: string, name: string): readonly string[] {
  return [...new Set([name, bare, `${bare}@consulcatalog`, `${bare}@nomad`])];
}

/** Names what is used and whose it is, as the middle of a sentence: `the service "db", which belongs to service "pg"`. */
export function borrowedText({ kind, name }: NamedReference, lender: Lender): string {
  const what = `the ${wordOf(kind)} ${JSON.stringify(name)}`;
  switch (lender.kind) {
    case "service":
      return `${what}, which belongs to service ${JSON.stringify(lender.service)}`;
    case "operator":
      return `${what}, which the operator defines in ${lender.origin}`;
    case "elsewhere":
      return `${what}, which this chart does not define`;
  }
}
