import { memoizeLatest } from "../../incremental/memoize.ts";
import { checkRule, type RuleVerdict } from "../rule/check-rule.ts";
import { type LintCheck, type Subject, textAt, titleOf } from "./subject.ts";

/** Traefik disables a router whose rule it cannot parse. Rules in the old syntax, `ruleSyntax: v2`, are believed. */
export const checkRuleSyntax: LintCheck = (subject) => {
  const verdict = ruleVerdict(subject);
  if (verdict?.kind !== "broken") return [];
  const message = `${titleOf(subject)} has a broken rule: at character ${verdict.position + 1}: ${verdict.message}`;
  const rule = textAt(subject.object, "rule") ?? "";
  const text = rule.slice(verdict.position, verdict.position + verdict.length);
  const spot = { in: "value", offset: verdict.position, text } as const;
  return [{ code: "RULE_SYNTAX", message, remedy: verdict.remedy, spot }];
};

const VERDICTS = {
  http: memoizeLatest((rule) => checkRule("http", rule)),
  tcp: memoizeLatest((rule) => checkRule("tcp", rule)),
};

/** What there is to say about the rule, if the router has one in the present syntax. */
export function ruleVerdict({ protocol, object }: Subject): RuleVerdict | undefined {
  const rule = textAt(object, "rule");
  if (protocol === "udp" || rule === undefined || object["ruleSyntax"] === "v2") return;
  return VERDICTS[protocol](rule);
}
