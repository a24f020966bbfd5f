import { createRequire } from "node:module";

/** Says what a JSON Schema finds wrong with a value, each with its path; nothing where it is valid. */
export type Validate = (value: unknown) => readonly string[];

interface Validator {
  (value: unknown): boolean;
  readonly errors?: readonly { readonly instancePath: string; readonly message?: string }[] | null;
}

/** Draft 7, by the validator that most tools are made with. Throws where the schema itself is none. */
export function jsonSchemaValidator(schema: object): Validate {
  const { Ajv } = createRequire(import.meta.url)("ajv") as {
    readonly Ajv: new (options: object) => { compile(schema: object): Validator };
  };
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true, strict: true, strictTypes: false }).compile(
    schema,
  );
  return (value) =>
    validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
