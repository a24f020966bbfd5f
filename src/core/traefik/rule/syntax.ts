/** The two ways in which a rule may be written. */
export type RuleSyntax = "v2" | "v3";
