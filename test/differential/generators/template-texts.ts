import fc from "fast-check";

const TEXTS = [
  ...[
    '""',
    '"a"',
    '"Hello World"',
    '"foo_bar-Baz"',
    '"HTTPServer2xx"',
    '"äöü ß"',
    "`ra w\\n`",
    '"a,b,a"',
    '"1"',
    '"0x1f"',
  ],
  ...[
    '"-3"',
    '"2.50"',
    '"\\t x \\n"',
    '"中文 Test"',
    '"\\u01c6"',
    '"_x__Y"',
    '" lead"',
    '"a/b/../c.txt"',
    '"%d %s"',
    '"1e3"',
  ],
  ...[
    '"x1y22z333"',
    '"$1-$0"',
    '"\\u200b"',
    '"🎉é"',
    ".Name",
    "$.Name",
    '(index .Labels "traefik.host")',
    ".Labels.plain",
  ],
];
const PATTERNS = [
  ...[
    '"[a-z]+"',
    '"a*"',
    '"(a)(b)?"',
    '"^[A-Z]"',
    '"\\\\s+"',
    '"("',
    '"(?i)hello"',
    '"[^a-z0-9]"',
    '""',
    '"$"',
    '"\\\\b"',
  ],
  ...['"\\\\pL"', '"."', '"(?P<n>b)"', '"x*?"', '"[[:alpha:]]+$"', '"\\\\d{2}"', '"a|ab"', '"(?U)a+"'],
];
const INTS = ["0", "1", "2", "3", "7", "-1", "-2", "10", "0x10", "'a'", "4.0", "1_0", "(len .Name)", '(int "3")'];
const NUMBERS = [
  ...INTS,
  "1.5",
  "-2.25",
  "0.1",
  "1e10",
  "1e-7",
  "123456.789",
  "(add 1 2)",
  '(index "abc" 1)',
  "9223372036854775807",
];
const LISTS = [
  "(list)",
  "(list 1 2 3)",
  '(list "b" "a" "c")',
  '(list 1 "a" nil)',
  '(splitList "," "a,b,a")',
  "(until 3)",
];
const DICTS = ["(dict)", '(dict "a" 1)', '(dict "a" 1 "b" "x" "c" nil)', ".Labels", '(dict "a" (dict "b" 2))'];

/** Functions by what they give; `s` a string, `p` a pattern, `i` an int, `n` a number, `l` a list, `d` a dictionary, `b` a boolean, `x` anything. */
const CALLS: Readonly<Record<Kind, readonly string[]>> = {
  s: [
    ...[
      "upper s",
      "lower s",
      "title s",
      "untitle s",
      "swapcase s",
      "snakecase s",
      "camelcase s",
      "kebabcase s",
      "normalize s",
    ],
    ...[
      "trim s",
      "trimAll s s",
      "trimPrefix s s",
      "trimSuffix s s",
      "trunc i s",
      "substr i i s",
      "abbrev i s",
      "abbrevboth i i s",
    ],
    ...[
      "nospace s",
      "initials s",
      "repeat i s",
      "replace s s s",
      "indent i s",
      "nindent i s",
      "wrap i s",
      "wrapWith i s s",
    ],
    ...[
      "quote x",
      "squote x x",
      "cat x x",
      "join s x",
      "toString x",
      "plural s s i",
      "default s x",
      "base s",
      "clean s",
      "dir s",
    ],
    ...[
      "b64enc s",
      "b64dec s",
      "b32enc s",
      "regexReplaceAll p s s",
      "regexFind p s",
      "regexQuoteMeta s",
      "print x x",
      "html x",
    ],
    ...["js s", "urlquery x", "typeOf x", "kindOf x", "printf f x x", "seq i i"],
  ],
  n: [
    ...[
      "add x n",
      "sub x n",
      "mul n n",
      "div n n",
      "mod n n",
      "max n n",
      "min n n",
      "add1 n",
      "int x",
      "int64 x",
      "float64 x",
    ],
    ...["floor n", "ceil n", "round n i", "atoi s", "len x"],
  ],
  l: [
    ...[
      "list x x",
      "append l x",
      "prepend l x",
      "rest l",
      "initial l",
      "reverse l",
      "uniq l",
      "without l x",
      "concat l l",
    ],
    ...[
      "compact l",
      "sortAlpha x",
      "toStrings x",
      "splitList s s",
      "regexSplit p s i",
      "regexFindAll p s i",
      "chunk 2 l",
    ],
    ...["untilStep i i i", "pluck s d d"],
  ],
  d: ["dict s x s x", "set d s x", "unset d s", "pick d s", "omit d s", "split s s", "splitn s i s"],
  b: [
    ...[
      "eq x x",
      "eq s s s",
      "ne x x",
      "lt n n",
      "le x x",
      "ge s s",
      "not x",
      "contains s s",
      "hasPrefix s s",
      "hasSuffix s s",
    ],
    ...["regexMatch p s", "empty x", "has x l", "hasKey d s", "deepEqual x x", "and b b"],
  ],
  x: ["first l", "last l", "index x x", "get d s", "ternary x x b", "coalesce x x", "and x x", "or x x", "dig s s x d"],
};

type Kind = "s" | "n" | "l" | "d" | "b" | "x";

const FORMATS = fc
  .tuple(
    fc.constantFrom("", "-", "+", "#", " ", "0", "+#"),
    fc.constantFrom("", "", "5", "08", "12"),
    fc.constantFrom("", "", ".2", ".0", "."),
    fc.constantFrom(..."vsqdxtTfegGcUobO%z"),
  )
  .map((parts) => JSON.stringify(`%${parts.join("")}|%v`));

/** Expressions, of which a good part fails when it is run: wrong types, nil, ranges exceeded. */
const expressions = fc.letrec<Record<Kind, string>>((tie) => {
  const leaves: Readonly<Record<string, fc.Arbitrary<string>>> = {
    s: fc.constantFrom(...TEXTS),
    n: fc.constantFrom(...NUMBERS),
    l: fc.constantFrom(...LISTS),
    d: fc.constantFrom(...DICTS),
    b: fc.constantFrom("true", "false"),
    x: fc.constantFrom(...TEXTS, ...NUMBERS, ...LISTS, ...DICTS, "$", "true", ".Labels.nope"),
    i: fc.constantFrom(...INTS),
    p: fc.constantFrom(...PATTERNS),
    f: FORMATS,
  };
  function call(shape: string): fc.Arbitrary<string> {
    const [name = "", ...kinds] = shape.split(" ");
    const operands = kinds.map((kind) => (kind in CALLS ? tie(kind as Kind) : (leaves[kind] ?? fc.constant(kind))));
    return fc.tuple(...operands).map((texts) => `(${[name, ...texts].join(" ")})`);
  }
  function of(kind: Kind): fc.Arbitrary<string> {
    const calls = fc.oneof(...CALLS[kind].map(call));
    return fc.oneof({ maxDepth: 3, depthIdentifier: "call" }, leaves[kind] ?? fc.constant("1"), calls);
  }
  const other = fc.oneof(
    { maxDepth: 3, depthIdentifier: "call" },
    of("x"),
    tie("s"),
    tie("n"),
    tie("l"),
    tie("d"),
    tie("b"),
  );
  return { s: of("s"), n: of("n"), l: of("l"), d: of("d"), b: of("b"), x: other };
});

const open = fc.constantFrom("{{", "{{ ", "{{- ");
const close = fc.constantFrom("}}", " }}", " -}}");
const text = fc.constantFrom("", " ", "x", " y\n", "ä", "{ }");
const filters = fc.constantFrom(
  "upper",
  "print",
  "quote",
  "len",
  'printf "%v %v" 1',
  "default 3",
  "trunc 2",
  'join "-"',
  "first",
);

/** Actions around the expressions; each expression stands in one that shows its value or its truth. */
const actions = fc.letrec<{ list: string }>((tie) => {
  const x = expressions.x;
  const inner = tie("list");
  const action = fc.oneof(
    { maxDepth: 2, depthIdentifier: "action" },
    { weight: 4, arbitrary: fc.tuple(open, x, close).map((parts) => parts.join("")) },
    { weight: 2, arbitrary: fc.tuple(x, filters).map(([value, filter]) => `{{ ${value} | ${filter} }}`) },
    fc.tuple(open, x, close, inner, inner).map(([o, v, c, yes, no]) => `${o}if ${v}${c}${yes}{{ else }}${no}{{ end }}`),
    fc.tuple(open, x, close, inner).map(([o, v, c, body]) => `${o}with ${v}${c}{{ . }}${body}{{ end }}`),
    fc.tuple(expressions.l, inner).map(([v, body]) => `{{ range ${v} }}{{ . }}${body}{{ else }}none{{ end }}`),
    fc
      .tuple(x, fc.constantFrom("break", "continue"), inner)
      .map(
        ([v, word, body]) => `{{ range $k, $e := ${v} }}{{ $k }}{{ if eq $k 1 }}{{ ${word} }}{{ end }}${body}{{ end }}`,
      ),
    fc.tuple(x, x).map(([a, b]) => `{{ $v := ${a} }}{{ $v }}{{ if ${b} }}{{ $v = 1 }}{{ end }}{{ $v }}`),
    x.map((v) => `{{ template "t" ${v} }}`),
  );
  return { list: fc.array(fc.oneof(text, action), { maxLength: 3 }).map((pieces) => pieces.join("")) };
});

/** Templates for a default rule. */
export const templates = actions.list.map((list) => `${list}{{ define "t" }}<{{ . }}>{{ end }}`);
