import { z } from "zod";
import { HOST_PATTERN } from "../../core/policy/host-pattern.ts";
import { parseNetwork } from "../../core/policy/network.ts";
import { WHO } from "../../core/policy/who.ts";
import type { Policy } from "../../core/settings.ts";
import { checkFile } from "./checked-file.ts";
import { authEndpoint, text } from "./field-kinds.ts";
import { who } from "./who.ts";

export type ParsedPolicy =
  | { readonly kind: "sound"; readonly policy: Policy }
  | { readonly kind: "refused"; readonly errors: readonly string[] };

/** A text that must satisfy a pattern. */
function shaped(pattern: RegExp, message: string) {
  return z.string().refine((found) => pattern.test(found), { message });
}

const network = z.string().transform((found, context) => {
  const parsed = parseNetwork(found);
  if (parsed !== undefined) return parsed;
  context.issues.push({
    code: "custom",
    input: found,
    message: "an address or a range such as 192.168.11.0/24 is allowed",
  });
  return z.NEVER;
});

const host = z
  .string()
  .toLowerCase()
  .pipe(
    shaped(HOST_PATTERN, '"*", a host such as app.example.org, or "*.example.org" is allowed, without port and path'),
  );

const path = shaped(/^\//, 'a path that begins with "/" is allowed');
const names = z.array(text);

const rule = z.strictObject({
  ...who,
  protocols: z.array(z.enum(["http", "tcp", "udp"])).exactOptional(),
  hosts: z.array(host).exactOptional(),
  paths: z.array(path).exactOptional(),
  entryPoints: names.exactOptional(),
  tcpEntryPoints: names.exactOptional(),
  udpEntryPoints: names.exactOptional(),
  middlewares: z.strictObject({ define: names.exactOptional(), use: names.exactOptional() }).exactOptional(),
  maxPriority: z.number().int().exactOptional(),
  services: names.exactOptional(),
  serversTransports: names.exactOptional(),
  tlsOptions: names.exactOptional(),
  certResolvers: names.exactOptional(),
  plugins: names.exactOptional(),
  backends: z.array(network).exactOptional(),
  authEndpoints: z.array(authEndpoint).exactOptional(),
});

const policyFile = z.strictObject({
  networks: z.array(network).default([]),
  authEndpoints: z.array(authEndpoint).exactOptional(),
  rules: z.array(rule).min(1),
});

/**
 * Reads the content of a policy file. Every object is strict: a misspelt limit would limit nothing. A rule about all services
 * must be the last one, since of several rules the first that fits a service counts.
 */
export function parsePolicy(content: unknown): ParsedPolicy {
  const checked = checkFile(policyFile, content);
  if (checked.kind === "refused") return checked;
  const { rules, ...forAll } = checked.content;
  const unreachable = rules.findIndex((one) => WHO.every((field) => one[field] === undefined));
  if (unreachable >= 0 && unreachable < rules.length - 1) {
    return {
      kind: "refused",
      errors: [
        `rules.${unreachable}: found a rule about all services before others, which would never count; put it last, or say whom it is about: ${WHO.join(", ")}`,
      ],
    };
  }
  return { kind: "sound", policy: { ...forAll, rules: rules.map((one, i) => ({ ...one, name: `rules.${i}` })) } };
}
