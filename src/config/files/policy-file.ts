import { z } from "zod";
import { HOST_PATTERN } from "../../core/policy/host-pattern.ts";
import { WHO } from "../../core/policy/who.ts";
import { NO_LEDGER } from "../../core/ports/ledger/ledger.ts";
import { type Network, parseNetwork } from "../../core/ports/ledger/network.ts";
import type { Policy } from "../../core/settings.ts";
import { checkFile } from "./checked-file.ts";
import { authEndpoint, text } from "./field-kinds.ts";
import { allowedNetworks, type Networks, resolveNetworks } from "./networks.ts";
import { who } from "./who.ts";

export type ParsedPolicy =
  | { readonly kind: "sound"; readonly policy: Policy }
  | { readonly kind: "refused"; readonly errors: readonly string[] };

/** A text that must satisfy a pattern. */
function shaped(pattern: RegExp, message: string) {
  return z.string().refine((found) => pattern.test(found), { message });
}

/** An address, a range, or a name that the ledger's `networks` gives to some: which names there are is known later. */
const network = text;

const host = z
  .string()
  .toLowerCase()
  .pipe(
    shaped(HOST_PATTERN, '"*", a host such as app.example.org, or "*.example.org" is allowed, without port and path'),
  );

const path = shaped(/^\//, 'a path that begins with "/" is allowed').meta({ pattern: "^/" });
const names = z.array(text);

/** One that tags name, and no service defines: a pattern, or a name of the catalog's, might be any service's. */
const demandedMiddleware = shaped(
  /^[^*@\s]+(?:@(?!(?:consulcatalog|nomad|internal)\b)[^*@\s]+)?$/,
  "the name of one middleware of yours is allowed, without an asterisk: jwt for one of a snippet, jwt@file for one of a file beside the chart",
).meta({ samples: ["jwt@file"] });

const rule = z.strictObject({
  ...who,
  protocols: z
    .array(z.enum(["http", "tcp", "udp"]))
    .exactOptional()
    .describe("kinds of routers it may have"),
  hosts: z
    .array(host)
    .exactOptional()
    .describe("exact, `*.example.org` for every host below it, or `*`; names of hosts are granted by that"),
  paths: z.array(path).exactOptional().describe("prefixes, as in Traefik's `PathPrefix`; `/` is any"),
  entryPoints: names.exactOptional().describe("entry points of its HTTP routers, which must name theirs then"),
  tcpEntryPoints: names.exactOptional().describe("entry points of its TCP routers, which may take all clients of them"),
  udpEntryPoints: names.exactOptional().describe("entry points of its UDP routers"),
  middlewares: z
    .strictObject({
      define: names.exactOptional(),
      use: names.exactOptional(),
      require: z.array(demandedMiddleware).exactOptional(),
    })
    .exactOptional()
    .describe(
      "names it may define, names it may use besides those, with their provider (`auth@file`), and those that each router to it must have (`require`)",
    ),
  edge: z
    .union([text.transform((name) => [name]), names])
    .exactOptional()
    .describe("charts that it may be in, by the names of `edges` in the settings; that of `output` is `main`"),
  maxPriority: z
    .number()
    .int()
    .exactOptional()
    .describe("greatest priority, and of a rule without one the greatest length"),
  services: names
    .exactOptional()
    .describe(
      "services of others that it may use, with their provider (`whoami@docker`); the settings (`allow`) open them",
    ),
  serversTransports: names.exactOptional().describe("transports that it may use"),
  tlsOptions: names.exactOptional().describe("TLS options that it may use"),
  certResolvers: names.exactOptional().describe("certificate resolvers that it may use"),
  plugins: names.exactOptional().describe("plugins that its middlewares may be of"),
  backends: z
    .array(network)
    .exactOptional()
    .describe(
      "where its backends may be, in place of `networks`: addresses, ranges, and names that the ledger gives to networks",
    ),
  authEndpoints: z
    .array(authEndpoint)
    .exactOptional()
    .describe("what its middlewares may ask by `forwardAuth`, in place of those for all"),
});

/** The schema of a policy file. */
export const policyFile = z.strictObject({
  networks: z
    .array(network)
    .default([])
    .describe(
      "where backends may be, unless a rule says otherwise: addresses, ranges, and names that the ledger gives to networks; empty: anywhere",
    ),
  authEndpoints: z
    .array(authEndpoint)
    .exactOptional()
    .describe("what middlewares may ask by `forwardAuth` besides, unless a rule says otherwise"),
  rules: z
    .array(rule)
    .min(1)
    .describe("the first one that matches an instance counts, and no other; one that none matches gets nothing"),
});

/**
 * Reads the content of a policy file. Every object is strict: a misspelt limit would limit nothing. A rule about all services
 * must be the last one, since of several rules the first that fits a service counts.
 *
 * @param ledger whose names of networks may stand in place of networks: there is one place that says where each lies
 */
export function parsePolicy(content: unknown, ledger: Pick<Networks, "namedNetworks"> = NO_LEDGER): ParsedPolicy {
  const checked = checkFile(policyFile, content);
  if (checked.kind === "refused") return checked;
  const { networks, rules, ...forAll } = checked.content;
  const unreachable = rules.findIndex((one) => WHO.every((field) => one[field] === undefined));
  if (unreachable >= 0 && unreachable < rules.length - 1) {
    return {
      kind: "refused",
      errors: [
        `rules.${unreachable}: found a rule about all services before others, which would never count; put it last, or say whom it is about: ${WHO.join(", ")}`,
      ],
    };
  }
  const errors: string[] = [];
  function named(items: readonly string[], path: string): readonly Network[] {
    const { networks: found, unknown } = resolveNetworks(items, ledger);
    for (const { position, item } of unknown)
      errors.push(
        `${path}.${position}: found ${JSON.stringify(item)}; ${allowedNetworks(ledger, "networks in the ledger")}`,
      );
    return found.map(parseNetwork).filter((one) => one !== undefined);
  }
  const policy = {
    networks: named(networks, "networks"),
    ...forAll,
    // In the order of the schema: the id of the settings is made of it.
    rules: rules.map(({ backends, authEndpoints, ...rest }, position) => ({
      ...rest,
      ...(backends && { backends: named(backends, `rules.${position}.backends`) }),
      ...(authEndpoints && { authEndpoints }),
      name: `rules.${position}`,
    })),
  };
  return errors.length === 0 ? { kind: "sound", policy } : { kind: "refused", errors };
}
