import { memoizeLatest } from "../../incremental/memoize.ts";
import { type CheckedRule, checkRule } from "../rule/check-rule.ts";
import { type LintCheck, type Subject, textAt, titleOf } from "./subject.ts";

/** Traefik disables a router whose rule it cannot parse. Rules in the old syntax, `ruleSyntax: v2`, are believed. */
export const checkRuleSyntax: LintCheck = (subject) => {
  const checked = checkedRule(subject);
  if (checked?.kind !== "broken") return [];
  const message = `${titleOf(subject)} has a broken rule: at character ${checked.position + 1}: ${checked.message}`;
  const rule = textAt(subject.object, "rule") ?? "";
  const text = rule.slice(checked.position, checked.position + checked.length);
  const spot = { in: "value", offset: checked.position, text } as const;
  return [{ code: "RULE_SYNTAX", message, remedy: checked.remedy, spot }];
};

const CHECKED = {
  http: memoizeLatest((rule) => checkRule("http", rule)),
  tcp: memoizeLatest((rule) => checkRule("tcp", rule)),
};

/** What there is to say about the rule, if the router has one in the present syntax. */
export function checkedRule({ protocol, object }: Subject): CheckedRule | undefined {
  const rule = textAt(object, "rule");
  if (protocol === "udp" || rule === undefined || object["ruleSyntax"] === "v2") return;
  return CHECKED[protocol](rule);
}
