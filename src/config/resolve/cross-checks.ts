import type { Settings } from "../files/schema.ts";
import { checkServe } from "./check-serve.ts";
import { judgeDefined } from "./defined.ts";

/** Rules across settings, which no schema of a single one can hold; messages begin with the setting's path. */
export function crossChecks(settings: Settings): readonly string[] {
  return [
    ...connectionSections(settings).flatMap(checkConnection),
    ...checkPublish(settings),
    ...checkDefinitions(settings),
    ...checkServe(settings),
  ];
}

/** A section of the settings that says how a product's API is reached. */
interface ConnectionSection {
  readonly path: string;
  readonly tls: { readonly certFile?: string; readonly keyFile?: string };
  readonly token?: string;
  readonly tokenFile?: string;
  readonly login?: unknown;
}

function connectionSections({ consul, nomad, catalogs = [], schedulers = [] }: Settings): readonly ConnectionSection[] {
  return [
    { path: "consul", ...consul },
    { path: "nomad", ...nomad },
    ...schedulers.map((one, position) => ({ path: `schedulers.${position}`, ...one })),
    ...catalogs.flatMap((one, position) => {
      const sections = Object.entries({ consul: one.consul, nomad: one.nomad });
      return sections.flatMap(([product, section]) =>
        section === undefined ? [] : [{ path: `catalogs.${position}.${product}`, ...section }],
      );
    }),
  ];
}

function checkConnection({ path, tls, token, tokenFile, login }: ConnectionSection): readonly string[] {
  const errors: string[] = [];
  if ((tls.certFile === undefined) !== (tls.keyFile === undefined)) {
    errors.push(`${path}.tls: found only one of certFile and keyFile; both or neither are allowed`);
  }
  if (login === undefined) return errors;
  for (const [key, value] of Object.entries({ token, tokenFile })) {
    if (value === undefined) continue;
    errors.push(`${path}.${key}: found beside ${path}.login; one source of tokens is allowed: remove the other`);
  }
  return errors;
}

function checkPublish({ publish }: Settings): readonly string[] {
  if (publish.maxDelay >= publish.quiet) return [];
  return ["publish.maxDelay: found less than publish.quiet; at least as much is allowed"];
}

function checkDefinitions(settings: Settings): readonly string[] {
  const defined = judgeDefined(settings);
  if (defined.kind !== "refused") return [];
  return defined.problems.map(({ path, message, remedy }) => `define.${path}: ${message}; ${remedy}`);
}
