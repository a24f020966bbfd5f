import { EXIT_CODES } from "../../../base/errors.ts";
import { printable } from "../../../base/printable.ts";
import { coreSettings } from "../../../config/resolve/core-settings.ts";
import { shellWord } from "../../../core/diagnostics/shell-word.ts";
import { type EnvironmentVariable, environmentOf } from "../../../core/ports/documents/environment.ts";
import { type FlagValues, usageError } from "../../command-line/command-line.ts";
import { didYouMean } from "../../text/did-you-mean.ts";
import { hclString } from "../../text/hcl-string.ts";
import { jsonText } from "./document-output.ts";
import { loadForReading } from "./ports-survey.ts";

/** Does what `envCommand` says. Resolves to the exit code. */
export async function run({ format = "shell", ...flags }: FlagValues, operands: readonly string[]): Promise<number> {
  if (operands.length === 0)
    throw usageError("env: name the service, for example messaging-grpc, or apps/messaging-grpc");
  const { ledger } = coreSettings(await loadForReading(flags)).ports;
  const services = operands.map(parseService);
  const { variables, clashes, unknown, ambiguous } = environmentOf(ledger, services);
  const known = ledger.entries.flatMap(({ owners, clients = [] }) => [...owners, ...clients.map((one) => one.service)]);
  const problems = [
    ...unknown.map(
      ({ service }) =>
        `${ledger.file ?? "the ledger (the setting ports.ledger names it)"} has no port of ${JSON.stringify(service)}, and names it among no clients${didYouMean(service, known)}`,
    ),
    ...ambiguous.map(
      ({ service, among }) =>
        `${JSON.stringify(service.service)} is in several namespaces; name one: ${among.join(", ")}`,
    ),
    ...clashes.map(
      ({ name, values }) =>
        `${name} would be ${values.join(" and ")}: give one of the two another name, by env of the service's own entry or clientEnv of the one that it connects to`,
    ),
  ];
  if (problems.length > 0) {
    process.stderr.write(problems.map((problem) => `${printable(`portolan: env: ${problem}`)}\n`).join(""));
    return EXIT_CODES.failure;
  }
  process.stdout.write(WRITERS[format]?.(variables) ?? "");
  return EXIT_CODES.ok;
}

function parseService(text: string): { service: string; namespace: string } {
  const [, namespace = "", service = text] = /^([^/]+)\/(.+)$/.exec(text) ?? [];
  return { service, namespace };
}

const WRITERS: Readonly<Record<string, (variables: readonly EnvironmentVariable[]) => string>> = {
  shell: (variables) => variables.map(({ name, value }) => `${name}=${shellWord(value)}\n`).join(""),
  nomad: (variables) => `env {\n${variables.map(({ name, value }) => `  ${name} = ${hclString(value)}\n`).join("")}}\n`,
  json: (variables) => jsonText(Object.fromEntries(variables.map(({ name, value }) => [name, value]))),
};
