/** The value that a variable gives to its setting. A text that should be a boolean and is none is left for the schema to refuse. */
export function environmentValue(variable: string, value: string): string | boolean {
  if (variable === "NOMAD_SKIP_VERIFY") return goBoolean(value) ?? value;
  if (variable === "CONSUL_HTTP_SSL_VERIFY") return negated(goBoolean(value)) ?? value;
  return value;
}

/**
 * The address that CONSUL_HTTP_SSL=true makes of one without a scheme (by flag, file or variable), or of none at all. Undefined
 * where the variable is not true, or the address names its scheme.
 */
export function httpsAddress(found: unknown, consulHttpSsl = ""): string | undefined {
  if (goBoolean(consulHttpSsl) !== true) return undefined;
  if (found === undefined) return "https://127.0.0.1:8500";
  return typeof found === "string" && !found.includes("://") ? `https://${found}` : undefined;
}

/** As Go's ParseBool reads it. */
function goBoolean(value: string): boolean | undefined {
  if (/^(?:1|t|T|true|TRUE|True)$/.test(value)) return true;
  return /^(?:0|f|F|false|FALSE|False)$/.test(value) ? false : undefined;
}

function negated(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}
