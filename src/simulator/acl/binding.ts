import type { Claims } from "./jwt.ts";
import type { AuthMethod, BindingRule } from "./records.ts";

/** The names of the roles that binding rules give to a login of the method, with mapped claims put in. */
export function boundRoles(method: AuthMethod, rules: readonly BindingRule[], claims: Claims): readonly string[] {
  const values = Object.entries(method.ClaimMappings).map(([claim, as]) => [`\${value.${as}}`, String(claims[claim])]);
  return rules
    .filter(({ AuthMethod }) => AuthMethod === method.Name)
    .map(({ BindName }) => values.reduce((text, [mark = "", value = ""]) => text.replaceAll(mark, value), BindName));
}
