import fc from "fast-check";

/** Functions by name, with lists of arguments that they take; and texts that some of them take. */
export interface Vocabulary {
  readonly functions: Readonly<Record<string, readonly string[]>>;
  readonly texts: readonly string[];
}

/** Texts that Go's lexer and parser treat in ways of their own. */
const ODDITIES = [
  ..."`\"'!&|(),;.\\ \t\n\r\0\ufeff\u00a0é😀x0[]{}=<*/".split(""),
  ...["\\n", "\\x41", "\\xff", "\\xc3\\xa9", "\\101", "\\400", "\\u00e9", "\\ud800", "\\U0001f600", "\\'", '\\"'],
  ...["&&", "||", "!!", "==", "/* c */", "/* \n */", "// c\n", "// c", "/*", "nil", "func", "Host{}", "x.y", "1e3"],
];

const PATTERN_PIECES = [
  ..."a.*+?|()[]{}^$\\-,:é😀09".split(""),
  ...["(?i)", "(?:", "(?P<n>", "(?<n>", "(?=", "(?<=", "(?!", "(?s-i:", "(?x)", "(?", "\\d", "\\pL", "\\p{Greek}"],
  ...["\\PN", "\\Q", "\\E", "\\z", "\\Z", "\\b", "\\1", "\\C", "\\x{41}", "\\x{110000}", "\\u0041", "[[:alpha:]]"],
  ...["[^]", "[]a]", "[a-z]", "[z-a]", "{2}", "{2,}", "{,2}", "{2,1}", "{1000}", "{1001}", "{40}", "a{3}{4}", "|*"],
];

/** Regular expressions of Go, about half of them broken. */
export const patterns = fc
  .array(fc.constantFrom(...PATTERN_PIECES), { minLength: 1, maxLength: 6 })
  .map((pieces) => pieces.join(""));

/** Expressions over the vocabulary: well built ones, and the same with a few characters changed. */
export function expressions({ functions, texts }: Vocabulary): fc.Arbitrary<string> {
  const text = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...texts) }, patterns);
  const literal = fc.oneof(
    text.map((value) => `\`${value.replaceAll("`", "")}\``),
    text.map((value) => JSON.stringify(value)),
    fc.array(fc.constantFrom(...ODDITIES), { maxLength: 3 }).map((pieces) => `"${pieces.join("")}"`),
  );
  const literals = fc.oneof(
    { weight: 6, arbitrary: literal },
    { weight: 2, arbitrary: fc.tuple(literal, literal).map((both) => both.join(", ")) },
    fc.constantFrom("", "1", "x", "Host(`a`)", "`a`,", "(`a`)", "`a` + `b`", "`a`,\n"),
  );
  const call = fc.constantFrom(...Object.entries(functions)).chain(([name, sound]) => {
    const spelling = fc.constantFrom(
      name,
      name,
      name,
      name,
      name.toLowerCase(),
      name.toUpperCase(),
      titled(name),
      `${name}s`,
    );
    const found = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...sound) }, { weight: 1, arbitrary: literals });
    return fc.tuple(spelling, found).map(([spelled, list]) => `${spelled}(${list})`);
  });
  const space = fc.constantFrom("", " ", " ", "\t", "\n", " /* c */ ", " // c\n");
  const tree = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { weight: 3, arbitrary: call },
      fc
        .tuple(tie("node"), fc.constantFrom(" && ", " || ", "&&", "||", " &&\n "), tie("node"))
        .map((parts) => parts.join("")),
      fc.tuple(fc.constantFrom("!", "! ", "!!"), tie("node")).map((parts) => parts.join("")),
      fc.tuple(space, tie("node"), space).map(([before, inner, after]) => `(${before}${inner}${after})`),
      fc.tuple(tie("node"), space).map((parts) => parts.join("")),
    ),
  })).node;
  return fc.oneof({ weight: 2, arbitrary: tree }, { weight: 1, arbitrary: damaged(tree) });
}

function damaged(whole: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(whole, fc.nat(1_000), fc.nat(3), fc.constantFrom(...ODDITIES))
    .map(([text, place, removed, oddity]) => {
      const at = place % (text.length + 1);
      return text.slice(0, at) + oddity + text.slice(at + removed);
    });
}

function titled(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).toLowerCase();
}
