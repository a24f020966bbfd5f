import type { RuleMatcher } from "../rule/matchers.ts";
import { readV2Template } from "../rule/v2-template.ts";
import { checkedRule } from "./rule.ts";
import { type LintCheck, textAt, titleOf } from "./subject.ts";

/** How a matcher that Traefik v3 takes literally would have to be written. */
interface OldMatcher {
  /** What v3 takes the argument for. */
  readonly taken: string;
  readonly instead: string;
}

/**
 * Matchers of Traefik v2 that v3 loads and that match nothing: `{NAME:REGEXP}` in hosts and paths, and
 * ``Query(`a=b`)``. None where the router says `ruleSyntax: v2`.
 */
export const checkOldRule: LintCheck = (subject) => {
  const checked = checkedRule(subject);
  if (checked?.kind !== "sound") return [];
  const rule = textAt(subject.object, "rule") ?? "";
  const [first] = checked.matchers.flatMap((matcher) => {
    const old = oldMatcher(matcher);
    return old === undefined ? [] : [{ matcher, old }];
  });
  if (first === undefined) return [];
  const { matcher, old } = first;
  const found = `${matcher.name}(${matcher.values.map((value) => `\`${value}\``).join(", ")})`;
  return [
    {
      code: "RULE_OLD_SYNTAX",
      message: `${titleOf(subject)} has a rule of Traefik v2: Traefik v3 takes ${old.taken} in ${found} literally, so that this part matches no request`,
      remedy: `write ${old.instead}, or set ruleSyntax to v2 on the router (for all routers: traefik.ruleSyntax in the settings, where Traefik has core.defaultRuleSyntax: v2)`,
      spot: { in: "value", offset: matcher.position, text: textOfMatcher(rule, matcher) },
    },
  ];
};

function textOfMatcher(rule: string, { position }: RuleMatcher): string {
  const end = rule.indexOf(")", position);
  return rule.slice(position, end < 0 ? undefined : end + 1);
}

function oldMatcher({ name, values: [value = "", ...others] }: RuleMatcher): OldMatcher | undefined {
  switch (name) {
    case "Host":
      return templated("HostRegexp", value, ".", "^", "$");
    case "HostRegexp":
    case "HostSNIRegexp":
      return templated(name, value, ".", "^", "$");
    case "Path":
      return templated("PathRegexp", value, "/", "^", "$");
    case "PathPrefix":
      return templated("PathRegexp", value, "/", "^", "");
    case "Query":
      return others.length === 0 ? oldQuery(value) : undefined;
    default:
      return undefined;
  }
}

function oldQuery(value: string): OldMatcher | undefined {
  const [key = "", ...rest] = value.split("=");
  if (key === "" || rest.length === 0) return undefined;
  return { taken: '"="', instead: `Query(\`${key}\`, \`${rest.join("=")}\`)` };
}

function templated(
  instead: string,
  value: string,
  separator: "." | "/",
  start: string,
  end: string,
): OldMatcher | undefined {
  const template = readV2Template(value, separator);
  if (template === undefined) return undefined;
  return { taken: JSON.stringify(template.part), instead: `${instead}(\`${start}${template.regexp}${end}\`)` };
}
