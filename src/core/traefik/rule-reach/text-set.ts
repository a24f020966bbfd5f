/**
 * A set of texts (hosts or paths) as far as a rule says: one text, or all that begin and end so and satisfy the
 * conditions. It may hold more than the rule matches, never less.
 */
export interface TextSet {
  /** The text itself where the set is exact. */
  readonly prefix: string;
  readonly suffix: string;
  readonly isExact: boolean;
  readonly conditions: readonly Condition[];
}

/** One more thing that every text of a set satisfies. */
export interface Condition {
  /** Equal conditions have equal names. */
  readonly name: string;
  mayHold(text: string): boolean;
}

export const ANY_TEXT: TextSet = { prefix: "", suffix: "", isExact: false, conditions: [] };

export function exactly(text: string): TextSet {
  return { ...ANY_TEXT, prefix: text, isExact: true };
}

export function beginningWith(prefix: string): TextSet {
  return { ...ANY_TEXT, prefix };
}

export function endingWith(suffix: string): TextSet {
  return { ...ANY_TEXT, suffix };
}

/** Whether nothing is known of the texts of a set but conditions: where texts are hosts, it may be any host. */
export function isUnbounded({ isExact, prefix, suffix }: TextSet): boolean {
  return !isExact && prefix === "" && suffix === "";
}

/** Every text that is in both; undefined where there is surely none. */
export function intersection(one: TextSet, other: TextSet): TextSet | undefined {
  if (one === ANY_TEXT) return other;
  if (other === ANY_TEXT) return one;
  if (one.isExact) return has(other, one.prefix) ? one : undefined;
  if (other.isExact) return has(one, other.prefix) ? other : undefined;
  const prefix = longer(one.prefix, other.prefix, (long, short) => long.startsWith(short));
  const suffix = longer(one.suffix, other.suffix, (long, short) => long.endsWith(short));
  if (prefix === undefined || suffix === undefined) return undefined;
  return { prefix, suffix, isExact: false, conditions: [...one.conditions, ...other.conditions] };
}

/** Whether the text may be in the set. */
export function has({ prefix, suffix, isExact, conditions }: TextSet, text: string): boolean {
  if (isExact) return text === prefix;
  return text.startsWith(prefix) && text.endsWith(suffix) && conditions.every((condition) => condition.mayHold(text));
}

/** Whether every text of the inner set is in the outer one. Certain only where the answer is yes. */
export function isSupersetOf(outer: TextSet, inner: TextSet): boolean {
  if (inner.isExact) return has(outer, inner.prefix);
  if (outer.isExact || !inner.prefix.startsWith(outer.prefix) || !inner.suffix.endsWith(outer.suffix)) return false;
  return outer.conditions.every(({ name }) => inner.conditions.some((condition) => condition.name === name));
}

/** Equal texts for sets that are described alike. */
export function nameOfSet({ prefix, suffix, isExact, conditions }: TextSet): string {
  return JSON.stringify([isExact, prefix, suffix, ...conditions.map(({ name }) => name).sort()]);
}

function longer(one: string, other: string, continues: (long: string, short: string) => boolean): string | undefined {
  const [long, short] = one.length >= other.length ? [one, other] : [other, one];
  return continues(long, short) ? long : undefined;
}
