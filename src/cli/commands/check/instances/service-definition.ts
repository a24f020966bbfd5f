import { z } from "zod";
import { isMapping } from "../../../../base/mapping.ts";
import { allowedInstead, describeValue, plainIssues, valueAt } from "../../../../config/files/schema-problem.ts";
import type { ServiceInstance } from "../../../../core/catalog/snapshot.ts";

/** What a registration says, as far as routes depend on it. */
export type Definition = Pick<ServiceInstance, "service" | "id" | "tags"> &
  Partial<
    Pick<
      ServiceInstance,
      "port" | "address" | "meta" | "taggedAddresses" | "weights" | "namespace" | "node" | "nodeAddress" | "checks"
    >
  >;

export type ParsedDefinitions =
  | { readonly kind: "parsed"; readonly definitions: readonly Definition[] }
  | { readonly kind: "refused"; readonly problems: readonly { readonly place: string; readonly message: string }[] };

const text = z.string();
const port = z.number().int().min(0).max(65_535);

/** Fields by their names in lower case without `_`: files have `tagged_addresses`, the API `TaggedAddresses`. */
const definition = z.object({
  name: text.min(1),
  id: text.nullish(),
  tags: z.array(text).nullish(),
  port: port.nullish(),
  address: text.nullish(),
  meta: z.record(text, text).nullish(),
  taggedaddresses: z.record(text, z.object({ address: text, port: port.default(0) })).nullish(),
  weights: z.object({ passing: z.number().int(), warning: z.number().int() }).nullish(),
  namespace: text.nullish(),
  check: z.unknown().optional(),
  checks: z.array(z.unknown()).nullish(),
});

/**
 * Reads registrations of Consul's from JSON: the `service` or `services` of a file for `consul services register` and for the
 * agent's configuration, what `/v1/agent/service/register` takes, what `/v1/catalog/register` takes, or a list of them.
 */
export function parseDefinitions(content: unknown): ParsedDefinitions {
  const problems: { place: string; message: string }[] = [];
  const definitions: Definition[] = [];
  for (const { place, value, ...where } of registrationsIn(content)) {
    const fields = isMapping(value) ? { name: nameOf(value), ...folded(value) } : value;
    const parsed = definition.safeParse(fields);
    if (!parsed.success) {
      for (const issue of plainIssues(parsed.error.issues)) {
        const found = valueAt(fields, issue.path.map(String));
        const message = `found ${describeValue(found)}; ${allowedInstead(issue, found)}`;
        problems.push({ place: [place, ...issue.path].filter((part) => part !== "").join("."), message });
      }
      continue;
    }
    definitions.push(definitionOf(parsed.data, where));
  }
  if (definitions.length === 0 && problems.length === 0) problems.push({ place: "", message: "found no service" });
  return problems.length > 0 ? { kind: "refused", problems } : { kind: "parsed", definitions };
}

interface FoundRegistration extends Pick<Definition, "node" | "nodeAddress"> {
  readonly place: string;
  readonly value: unknown;
}

function registrationsIn(content: unknown, place = ""): readonly FoundRegistration[] {
  const below = (step: string) => (place === "" ? step : `${place}.${step}`);
  if (Array.isArray(content)) return content.flatMap((one, position) => registrationsIn(one, below(String(position))));
  if (!isMapping(content)) return [{ place, value: content }];
  const { service, services, node, address } = folded(content, false);
  if (Array.isArray(services)) return registrationsIn(services, below("services"));
  // In answers of the agent, services stand under their ids.
  if (isMapping(services))
    return Object.entries(services).flatMap(([id, one]) => registrationsIn(one, below(`services.${id}`)));
  if (isMapping(service)) {
    return [
      {
        place: below("service"),
        value: service,
        ...(typeof node === "string" ? { node } : {}),
        ...(typeof address === "string" ? { nodeAddress: address } : {}),
      },
    ];
  }
  return [{ place, value: content }];
}

/** `/v1/catalog/register` and answers of the agent call the name `Service`. */
function nameOf(value: Readonly<Record<string, unknown>>): unknown {
  return folded(value, false)["service"];
}

/** @param isDeep also one level below: `tagged_addresses` and `weights` are in either spelling as well */
function folded(value: Readonly<Record<string, unknown>>, isDeep = true): Record<string, unknown> {
  const fields = Object.entries(value).map(([key, child]) => {
    const name = key.toLowerCase().replaceAll("_", "");
    if (!isDeep || !isMapping(child)) return [name, child] as const;
    if (name === "weights") return [name, folded(child, false)] as const;
    if (name !== "taggedaddresses") return [name, child] as const;
    const addresses = Object.entries(child).map(
      ([key, one]) => [key, isMapping(one) ? folded(one, false) : one] as const,
    );
    return [name, Object.fromEntries(addresses)] as const;
  });
  return Object.fromEntries(fields);
}

function definitionOf(found: z.infer<typeof definition>, where: Pick<Definition, "node" | "nodeAddress">): Definition {
  const { name, id, tags, port, address, meta, taggedaddresses, weights, namespace, check, checks } = found;
  const hasCheck = check !== undefined || (checks ?? []).length > 0;
  return {
    service: name,
    id: id || name,
    tags: tags ?? [],
    port: port ?? 0,
    // The agent puts an address in place of a template.
    ...(address && !address.includes("{{") ? { address } : {}),
    ...(meta ? { meta } : {}),
    ...(taggedaddresses ? { taggedAddresses: taggedaddresses } : {}),
    ...(weights ? { weights } : {}),
    ...(namespace ? { namespace } : {}),
    ...where,
    ...(hasCheck ? {} : { checks: [{ id: "serfHealth", name: "", status: "passing", ofNode: true as const }] }),
  };
}
