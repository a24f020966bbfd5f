import { z } from "zod";

/** Names that are a secret's: a ledger is printed, committed and shown to all who ask for a port. */
const SECRET = /(?:PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIALS?|(?:API|ACCESS|PRIVATE)_?KEY)$/i;

/** User and password of a URL. */
const CREDENTIALS = /:\/\/[^/\s]*@/;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What may stand in braces in the texts of each kind. */
const PLACES = {
  env: ["port"],
  clientEnv: ["host", "port", "owner", "namespace"],
  endpointHost: ["owner", "namespace"],
} as const;

type Kind = keyof typeof PLACES;

/** Variables of a process by their names; a number or a boolean is its text. */
export function variables(kind: Kind) {
  return z
    .record(
      z.string().regex(NAME, { message: "a name of letters, digits and underscores is allowed" }),
      z.union([z.string(), z.number(), z.boolean()], { error: "a text, a number or a boolean is allowed" }),
    )
    .transform((found, context): Readonly<Record<string, string>> => {
      const texts = Object.entries(found).map(([name, value]) => [name, String(value)] as const);
      for (const [name, text] of texts) {
        const isSecret = SECRET.test(name) || CREDENTIALS.test(text);
        const message = isSecret ? noSecret(name) : wrongPlace(text, kind);
        // The value of a secret is not shown: the mapping is found there.
        if (message !== undefined)
          context.issues.push({ code: "custom", input: found, path: isSecret ? [] : [name], message });
      }
      return Object.fromEntries(texts);
    });
}

/** A host with places for the owner's name and namespace. */
export const endpointHost = z.string().superRefine((text, context) => {
  const message = /^[\w.{}-]+$/.test(text)
    ? wrongPlace(text, "endpointHost")
    : 'a host is allowed, such as "{owner}.service.consul"';
  if (message !== undefined) context.addIssue({ code: "custom", input: text, message });
});

function noSecret(name: string): string {
  return `one without ${name} is allowed: a ledger is printed and committed, so keep secrets in Nomad's variables or in Vault`;
}

function wrongPlace(text: string, kind: Kind): string | undefined {
  const allowed: readonly string[] = PLACES[kind];
  const places = Array.from(text.matchAll(/\{([a-z]\w*)\}/gi), ([, place = ""]) => place);
  if (places.every((place) => allowed.includes(place))) return undefined;
  return `in braces ${allowed.map((place) => `{${place}}`).join(", ")} is allowed`;
}
