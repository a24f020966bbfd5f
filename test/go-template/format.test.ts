import { describe, expect, test } from "vitest";
import { rendered } from "./rendered.ts";

describe("Verbs", () => {
  test.each([
    [
      String.raw`{{ printf "%v|%s|%q|%d|%x|%X|%t|%f|%e|%g" 1 "a" "b\n" 3 255 255 true 1.5 12345.678 1e21 }}`,
      String.raw`1|a|"b\n"|3|ff|FF|true|1.500000|1.234568e+04|1e+21`,
    ],
    [`{{ printf "%o %O %b %c %U %#U %q" 8 8 5 97 97 8364 'x' }}`, "10 0o10 101 a U+0061 U+20AC '€' 'x'"],
    [
      '{{ printf "%T %T %T %T %T %T %T" 1 "a" 1.5 (list 1) (dict) (add 1 1) nil }}',
      "int string float64 []interface {} map[string]interface {} int64 <nil>",
    ],
    ['{{ printf "%s %q %x" (list "a" "b") (list "a" "b") (list 10 11) }}', '[a b] ["a" "b"] [a b]'],
    ['{{ printf "%v %d" (list 1 "a" nil 2.5 (dict "k" (list 1))) (list 1 2) }}', "[1 a <nil> 2.5 map[k:[1]]] [1 2]"],
    [
      '{{ printf "%#v %#v %#v %#v %#v" (list 1 "a" nil) (dict "a" 1) "x" 3 (splitList "," "a,b") }}',
      '[]interface {}{1, "a", interface {}(nil)} map[string]interface {}{"a":1} "x" 3 []string{"a", "b"}',
    ],
    [
      '{{ printf "%v %+v" .Labels .Labels }}',
      "map[plain:p traefik.host:h.example] map[plain:p traefik.host:h.example]",
    ],
    ['{{ printf "%%" }} {{ printf "%5.1f%%" 99.5 }}', "%  99.5%"],
  ])("%s is %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});

describe("Flags, width and precision", () => {
  test.each([
    [
      '{{ printf "%5d|%-5d|%05d|%+d|% d|%x|%#x|%#o" 42 42 42 42 42 -255 255 8 }}',
      "   42|42   |00042|+42| 42|-ff|0xff|010",
    ],
    [
      '{{ printf "%5s|%-5s|%05s|%.2s|%5.1s|%q|%+q|%#q" "äb" "äb" "ab" "äbc" "äbc" "ä☃" "ä☃" "a`b" }}',
      '   äb|äb   |000ab|äb|    ä|"ä☃"|"\\u00e4\\u2603"|"a`b"',
    ],
    [
      '{{ printf "%6.2f|%08.3f|%-8.1f|%+.1e|%.0f|%.0f|%#.0f" 3.14159 3.14159 3.14159 12345.678 2.5 3.5 2.0 }}',
      "  3.14|0003.142|3.1     |+1.2e+04|2|4|2.",
    ],
    [
      '{{ printf "%.3g|%.10g|%g|%g|%G|%6.3v" 1234567.0 1234567.0 100000.0 1000000.0 1e-10 3.14159 }}',
      "1.23e+06|1234567|100000|1e+06|1E-10|  3.14",
    ],
    ['{{ printf "% x|%#x|% #x|%.1x|%X" "hi" "hi" "hi" "hi" "hi" }}', "68 69|0x6869|0x68 0x69|68|6869"],
    ['{{ printf "%*d|%-*d|%.*f" 5 42 5 42 1 3.14159 }}', "   42|42   |3.1"],
    ['{{ printf "%[2]d %[1]d|%[2]s" 1 2 }}', "2 1|%!s(int=2)"],
    ['{{ printf "%5t|%-7v|%03d|%3c|%-4q|" true 3 -4 97 97 }}', " true|3      |-04|  a|'a' |"],
  ])("%s is %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});

describe("Mistakes are printed, not refused", () => {
  test.each([
    [
      '{{ printf "%d" "x" }} {{ printf "%s" 3 }} {{ printf "%z" 3 }} {{ printf "%t" 1 }} {{ printf "%d" 1.5 }} {{ printf "%5d" "x" }}',
      "%!d(string=x) %!s(int=3) %!z(int=3) %!t(int=1) %!d(float64=1.5) %!d(string=    x)",
    ],
    [
      '{{ printf "%d %d" 1 }} {{ printf "%d" 1 2 "x" }} {{ printf "x%" }} {{ printf "%!" 1 }} {{ printf "%d" nil }} {{ printf "%s %v" nil nil }}',
      "1 %!d(MISSING) 1%!(EXTRA int=2, string=x) x%!(NOVERB) %!!(int=1) %!d(<nil>) %!s(<nil>) <nil>",
    ],
    [
      '{{ printf "%[3]d" 1 }} {{ printf "%[x]d" 1 }} {{ printf "%*d" "a" 1 }} {{ printf "%.*d" -1 1 }} {{ printf "%-010d|%010d" 3 3 }}',
      "%!d(BADINDEX) %!d(BADINDEX) %!(BADWIDTH)1 %!(BADPREC)1 3         |0000000003",
    ],
  ])("%s is %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});

describe("Printing without a format", () => {
  test.each([
    ['{{ print 1 2 "a" "b" 3 4 nil }} {{ println 1 "a" }}', "1 2ab3 4 <nil> 1 a\n"],
    ['{{ print 1.0 1e20 1e-5 true (list) (dict) (list "a b") }}', "1 1e+20 1e-05 true [] map[] [a b]"],
    [
      String.raw`{{ html "<a href='x'>&\"" }} {{ js "<a>'\"\\=é\u0007" }} {{ urlquery "a b/ü&" }} {{ html nil }}`,
      String.raw`&lt;a href=&#39;x&#39;&gt;&amp;&#34; \u003Ca\u003E\'\"\\\u003Dé\u0007 a+b%2F%C3%BC%26 &lt;no value&gt;`,
    ],
  ])("%s is %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});
