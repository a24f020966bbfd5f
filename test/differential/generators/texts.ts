import fc from "fast-check";

/**
 * Names that have broken something somewhere, and can be one part of a tag's key. No lone backslash: once an object has
 * had it as a key, JSON.parse of Node 24 takes every key of one character that is written as an escape for it.
 */
const NASTY = [
  ...["__proto__", "constructor", "toString", "1", "007", "1_000", "no", "null", "true", "~", "2026-08-01"],
  ...["{{x}}", '{{ env "HOME" }}', "{", "}}", "a b", " a", "a\tb", "a/b", "#", "x: y", "'", '"', "a\\b", "&a", "*"],
  ...[
    "a\u0000b",
    "\u0085",
    "\u2028",
    "\u007f",
    "\ufeff",
    "\ud800",
    "\udfff",
    "世界",
    "ßtraße",
    "ſ",
    "K",
    "🚀",
    "\u2551",
  ],
] as const;

export const nasty = fc.constantFrom(...NASTY);

/** What a catalog takes for a service's name; some of them are the same name once they are normalised. */
export const serviceName = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom("web", "api", "Api", "db", "foo.bar", "foo-bar", "foo_bar", "a") },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...[
        "__proto__",
        "constructor",
        "1_000",
        "no",
        "Ünïcode",
        "世界",
        "a b",
        "--",
        "{{x}}",
        "-web-",
        "x\u2028y",
        "9%41",
      ],
    ),
  },
);

/** A value that any text field takes. */
export const anyText = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("x", "Host(`a.example`)", "text", "/path", "a=b", "a,b", "TRUE", "5") },
  { weight: 1, arbitrary: fc.constant("") },
  { weight: 2, arbitrary: nasty },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 6 }) },
);

/** Pieces of a list; the character that a file cannot hold there has a tag of its own. */
export const listText = fc
  .array(fc.oneof(fc.constantFrom("a", "b", " c ", "", "web", "10.0.0.0/8", "\u0085d"), nasty), { maxLength: 4 })
  .map((pieces) => pieces.join(",").replaceAll("\u2551", "|"));
