import { z } from "zod";
import { isIpRange } from "../../go/ip-address.ts";

/** The networks of a file: all of them, each once, and those that have names, by name. */
export interface Networks {
  readonly networks: readonly string[];
  readonly namedNetworks: ReadonlyMap<string, readonly string[]>;
}

const ALLOWED = "an address or a range such as 192.168.11.0/24";

const network = z.string().refine(isIpRange, { message: `${ALLOWED} is allowed` });

const list = z.array(network);

const named = z.record(z.string(), z.union([network, list.min(1)])).superRefine((found, context) => {
  // No name looks like an address, so that a slip in one is never taken for the other.
  for (const name of Object.keys(found).filter((one) => !/^[A-Za-z][A-Za-z0-9_-]*$/.test(one))) {
    context.addIssue({
      code: "custom",
      path: [name],
      message: "under a name of letters, digits, - and _ that begins with a letter, it is allowed",
    });
  }
});

/** A list of networks, or a mapping that gives them names; a name may stand for several. */
export const networks = z
  .union([list, named], { error: "a list of networks, or a mapping of a name to one or several, is allowed" })
  .transform((found): Networks => {
    const namedNetworks = new Map(
      Array.isArray(found) ? [] : Object.entries(found).map(([name, own]) => [name, [own].flat()] as const),
    );
    const all = Array.isArray(found) ? found : [...namedNetworks.values()].flat();
    return { networks: [...new Set(all)], namedNetworks };
  });

/** What networks a list of networks and names stands for, each once, or which of its items stand for none. */
export function resolveNetworks(
  items: readonly string[],
  { namedNetworks }: Pick<Networks, "namedNetworks">,
): {
  readonly networks: readonly string[];
  readonly unknown: readonly { readonly position: number; readonly item: string }[];
} {
  const found = items.map((item) => (isIpRange(item) ? [item] : namedNetworks.get(item)));
  return {
    networks: [...new Set(found.flatMap((own) => own ?? []))],
    unknown: items.flatMap((item, position) => (found[position] === undefined ? [{ position, item }] : [])),
  };
}

/**
 * What may stand in such a list, for a message.
 *
 * @param where the names stand
 */
export function allowedNetworks({ namedNetworks }: Pick<Networks, "namedNetworks">, where = "networks"): string {
  const names = [...namedNetworks.keys()];
  return names.length === 0
    ? `${ALLOWED} is allowed, and a name that ${where} gives to one`
    : `${ALLOWED} is allowed, and what ${where} has by name: ${names.join(", ")}`;
}
