import { describe, expect, test } from "vitest";
import { rendered } from "./rendered.ts";

describe("Cutting strings", () => {
  test.each([
    [
      String.raw`{{ trim "  a\u00a0" }}|{{ trimAll "$" "$5$" }}|{{ trimall "ä" "äaä" }}|{{ trimSuffix "-" "a--" }}|{{ trimPrefix "-" "--a" }}`,
      "a|5|a|a-|-a",
    ],
    ['{{ substr 0 2 "abc" }} {{ substr -1 2 "abc" }} {{ substr 1 -1 "abc" }} {{ substr 1 99 "abc" }}', "ab ab bc bc"],
    ['{{ trunc 2 "abc" }} {{ trunc -2 "abc" }} {{ trunc 9 "abc" }} {{ trunc -9 "abc" }}', "ab bc abc abc"],
    [
      '{{ abbrev 5 "hello world" }} {{ abbrev 3 "hello" }} {{ abbrevboth 5 10 "1234 5678 9123" }} {{ abbrevboth 5 5 "1234 5678" }}',
      "he... hello ...5678... 1234 5678",
    ],
    ['{{ initials "First try" }} {{ nospace " a b c " }} {{ nospace "à b" }}', "Ft abc Ãb"],
    [
      '{{ split "$" "foo$bar$baz" }} {{ splitn "$" 2 "foo$bar$baz" }} {{ splitList "" "äb" }} {{ splitn "," 0 "a" }} {{ splitList "," "" }}',
      "map[_0:foo _1:bar _2:baz] map[_0:foo _1:bar$baz] [ä b] map[] []",
    ],
  ])("%s is %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});

describe("Building strings", () => {
  test.each([
    [
      '{{ repeat 3 "ab" }} {{ replace "a" "bb" "banana" }} {{ replace "" "-" "äb" }} {{ cat "a" 1 nil "b" }} {{ cat " a " }}',
      "ababab bbbnbbnbb -ä-b- a 1 b  a ",
    ],
    [
      String.raw`{{ quote "a\"b" 1 nil "ä" }} {{ squote "a" 1 nil }} {{ toString (list 1) }} {{ plural "one" "many" 1 }} {{ plural "one" "many" 2 }}`,
      String.raw`"a\"b" "1" "ä" 'a' '1' [1] one many`,
    ],
    [String.raw`{{ indent 2 "a\nb" }}|{{ nindent 2 "a\nb" }}`, "  a\n  b|\n  a\n  b"],
    [
      String.raw`{{ wrap 5 "hello big world foo" }}|{{ wrapWith 5 "\t" "HelloWorldAgain" }}|{{ wrap 3 "a  bcd  efgh" }}`,
      "hello\nbig\nworld\nfoo|Hello\tWorld\tAgain|a \nbcd\nefgh",
    ],
    [
      '{{ contains "a" "cat" }} {{ hasPrefix "c" "cat" }} {{ hasSuffix "c" "cat" }} {{ "cat" | contains "" }}',
      "true true false true",
    ],
    ['{{ normalize "my.Web_Svc-2 ä" }} {{ normalize "--" }}|', "my-Web-Svc-2-ä |"],
    ['{{ join "-" (list 1 "a" nil true) }} {{ join "-" "a" }} {{ join "-" nil }}|', "1-a-true a |"],
  ])("%s is %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});

describe("Letters", () => {
  test.each([
    [
      '{{ upper "aßé" }} {{ lower "AÉİ" }} {{ title "hello wOrld-foo_bar ärger" }} {{ untitle "Hello World" }} {{ swapcase "This Is A.Test" }}',
      "AßÉ aéi Hello WOrld-Foo_bar Ärger hello world tHIS iS a.tEST",
    ],
    [String.raw`{{ title "\u01c6" }} {{ upper "\u01c6\u1fb3" }} {{ swapcase "\u01c5" }} {{ lower "Σ" }}`, "ǅ Ǆᾼ ǆ σ"],
    [
      '{{ snakecase "FirstName" }} {{ snakecase "HTTPServer" }} {{ snakecase "GO-PATH" }} {{ snakecase "http2xx" }} {{ snakecase "HTTP20xOK" }} {{ snakecase "Duration2m3s" }} {{ snakecase "Bld4Floor3rd" }}',
      "first_name http_server go_path http_2xx http_20x_ok duration_2m3s bld4_floor_3rd",
    ],
    [
      '{{ kebabcase "NoHTTPS" }} {{ kebabcase "a.B c" }} {{ kebabcase "中文Test" }} {{ kebabcase "" }}|',
      "no-https a.b-c 中文-test |",
    ],
    [
      '{{ camelcase "http_server" }} {{ camelcase "GOLANG_IS_GREAT" }} {{ camelcase "_complex__case_" }} {{ camelcase "a" }} {{ camelcase "--" }}',
      "httpServer golangIsGreat _complex_Case_ a ---",
    ],
  ])("%s is %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});

describe("Regular expressions", () => {
  test.each([
    [
      '{{ regexMatch "^a+$" "aaa" }} {{ regexMatch "(" "a" }} {{ regexFind "[a-z]+" "12abc" }} {{ regexFind "x" "a" }}|',
      "true false abc |",
    ],
    [
      '{{ regexFindAll "[a-z]" "abc" 2 }} {{ regexFindAll "a*" "baaau" -1 | len }} {{ regexFindAll "a" "aaa" 0 }}',
      "[a b] 3 []",
    ],
    [
      '{{ regexReplaceAll "a(x*)b" "-ab-axxb-" (print "$" "{1}W") }} {{ regexReplaceAll "a(x*)b" "-ab-axxb-" "$1W" }} {{ regexReplaceAll "(?P<n>x)" "axb" "[$n$$$0]" }} {{ regexReplaceAll "a*" "baaau" "X" }}',
      "-W-xxW- --- a[x$x]b XbXuX",
    ],
    [
      '{{ regexReplaceAllLiteral "a(x*)b" "-ab-axxb-" "$1" }} {{ regexQuoteMeta "1.2*3" }}',
      String.raw`-$1-$1- 1\.2\*3`,
    ],
    [
      '{{ regexSplit "z+" "pizza" -1 }} {{ regexSplit "a*" "baaau" -1 }} {{ regexSplit "" "äbc" -1 }} {{ regexSplit "z" "azbzc" 2 }} {{ regexSplit "a" "" 5 }}',
      "[pi a] [b u] [ä b c] [a bzc] []",
    ],
    ['{{ regexReplaceAll "[^a-z]+" (lower .Name) "-" | trimAll "-" }}', "my-web"],
  ])("%s is %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});

describe("Lists", () => {
  test.each([
    [
      '{{ list 1 2 "a" }} {{ tuple 1 }} {{ first (list 1 2) }} {{ last (list 1 2) }} {{ rest (list 1 2) }} {{ initial (list 1 2) }} {{ first (list) }}',
      "[1 2 a] [1] 1 2 [2] [1] <no value>",
    ],
    [
      '{{ append (list 1) 2 }} {{ prepend (list 1) 2 }} {{ concat (list 1) (list 2) }} {{ reverse (list 1 2) }} {{ compact (list 0 1 "") }} {{ chunk 2 (list 1 2 3) }}',
      "[1 2] [2 1] [1 2] [2 1] [1] [[1 2] [3]]",
    ],
    [
      '{{ uniq (list 1 1 "1" 2) }} {{ without (list 1 2 1) 1 }} {{ has 1 (list 1 2) }} {{ has "1" (list 1) }} {{ has (list 1) (list (list 1)) }}',
      "[1 1 2] [2] true false true",
    ],
    [
      '{{ slice (list 1 2 3) 1 2 }} {{ slice (list 1 2 3) 1 }} {{ sortAlpha (list "c" "A" "b" 2) }} {{ toStrings (list 1 nil) }} {{ mustFirst (list 1) }}',
      "[2] [2 3] [2 A b c] [1] 1",
    ],
    [
      "{{ until 3 }} {{ until -3 }} {{ untilStep 1 10 3 }} {{ seq 3 }} {{ seq 2 5 }} {{ seq 1 2 9 }} {{ seq 5 1 }}",
      "[0 1 2] [0 -1 -2] [1 4 7] 1 2 3 2 3 4 5 1 3 5 7 9 5 4 3 2 1",
    ],
    [
      '{{ all 1 "a" }} {{ any 0 "" }} {{ coalesce 0 "" 3 }} {{ default "d" "" }} {{ default "d" "x" }} {{ "" | default 3 }} {{ empty 0 }} {{ ternary "y" "n" true }}',
      "true false 3 d x 3 true y",
    ],
  ])("%s is %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});

describe("Dictionaries", () => {
  test.each([
    [
      '{{ $d := dict "a" 1 "b" }}{{ $d }} {{ get $d "a" }} {{ get $d "zz" }}| {{ hasKey $d "a" }} {{ set $d "c" 3 }} {{ unset $d "a" }} {{ $d.c }}',
      "map[a:1 b:] 1 | true map[a:1 b: c:3] map[b: c:3] 3",
    ],
    [
      '{{ pick (dict "a" 1 "b" 2) "b" }} {{ omit (dict "a" 1 "b" 2) "b" }} {{ pluck "a" (dict "a" 1) (dict "b" 1) }} {{ dig "a" "b" "none" (dict "a" (dict "b" 2)) }} {{ dig "x" "none" (dict) }}',
      "map[b:2] map[a:1] [1] 2 none",
    ],
    ['{{ keys (dict "a" 1) }} {{ values (dict "a" 1) }} {{ get nil "a" }}|', "[a] [1] |"],
  ])("%s is %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});

describe("Numbers", () => {
  test.each([
    [
      "{{ add 1 2 3 }} {{ sub 5 2 }} {{ mul 2 3 }} {{ div -7 2 }} {{ mod -7 2 }} {{ max 1 3 2 }} {{ min 3 1 2 }} {{ add1 1 }} {{ add 9223372036854775807 1 }}",
      "6 3 6 -3 -1 3 1 2 -9223372036854775808",
    ],
    [
      '{{ add "3" "0x10" "x" 2.9 true "7.00" "7.10" "08" }} {{ int "12" }} {{ int64 -3.99 }} {{ float64 "3.5" }} {{ atoi "12" }} {{ atoi "0x1" }} {{ toDecimal "777" }}',
      "29 12 -3 3.5 12 0 511",
    ],
    [
      "{{ round 3.14159 2 }} {{ round 2.5 0 }} {{ ceil 1.2 }} {{ floor 1.9 }} {{ maxf 1 2.5 }} {{ minf 1 2.5 }}",
      "3.14 3 2 1 2.5 1",
    ],
  ])("%s is %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});

describe("Encodings, paths and kinds", () => {
  test.each([
    [
      '{{ b64enc "hällo" }} {{ b64dec "aMOkbGxv" }} {{ b64dec "?" }} {{ b64dec "YQ" }} {{ b32enc "abc" }} {{ b32dec "MFRGG===" }}',
      "aMOkbGxv hällo illegal base64 data at input byte 0 illegal base64 data at input byte 0 MFRGG=== abc",
    ],
    [
      '{{ base "a/b/c.txt" }} {{ dir "a/b/c" }} {{ clean "/../a//b/./../c/" }} {{ ext "a/b.c" }} {{ isAbs "/a" }} {{ base "" }} {{ dir "" }} {{ base "/" }}',
      "c.txt a/b /a/c .c true . . /",
    ],
    [
      '{{ kindOf 1 }} {{ kindOf nil }} {{ kindIs "map" .Labels }} {{ typeOf .Labels }} {{ typeOf (list) }} {{ typeIs "string" "a" }} {{ deepEqual (list 1) (list 1) }}',
      "int invalid true map[string]string []interface {} true true",
    ],
  ])("%s is %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});
