import { describe, expect, test } from "vitest";
import { compileTemplate } from "../../src/go-template/go-template.ts";

/** Why the template fails for a service; throws if it does not. */
function failure(template: string, name = "my.web"): string {
  const compiled = compileTemplate(template, ["Name", "Labels"]);
  if (compiled.kind === "refused") throw new Error(`refused: ${compiled.message}`);
  const rendering = compiled.render({ Name: name, Labels: new Map([["a", "x"]]) });
  if (rendering.kind === "rendered") throw new Error(`rendered: ${rendering.text}`);
  return rendering.message;
}

describe("what Go finds when it runs a template fails for that service, with its place", () => {
  test.each([
    ["{{ .Name.x }}", "line 1, column 4: string has no field .x"],
    ["{{ .Labels.a.b }}", "line 1, column 4: string has no field .b"],
    ["{{ range list nil }}{{ .x }}{{ end }}", "line 1, column 24: nil has no field .x"],
    ["{{ range .Name }}{{ end }}", "line 1, column 4: range cannot go through string"],
    ["{{ range $i, $j := 3 }}{{ end }}", "line 1, column 4: range cannot go through int with two variables"],
    ["{{ if false }}{{ $y := 1 }}{{ else }}{{ $y }}{{ end }}", "line 1, column 41: undefined variable $y"],
    ["{{ upper .Labels.nope }}", "line 1, column 4: upper: no value where string is expected"],
    ["{{ upper (len .Name) }}", "line 1, column 4: upper: found int where string is expected"],
    ["{{ substr 0 (sub 3 1) .Name }}", "line 1, column 4: substr: found int64 where int is expected"],
    [
      '{{ get .Labels "a" }}',
      "line 1, column 4: get: found map[string]string where map[string]interface {} is expected",
    ],
    ["{{ slice .Name 1 }}", "line 1, column 4: slice: found string where a list is expected"],
    ['{{ eq 1 "a" }}', "line 1, column 4: eq: int cannot be compared with string"],
    ["{{ eq 1 1.0 }}", "line 1, column 4: eq: int cannot be compared with float64"],
    ["{{ eq (list) (list) }}", "line 1, column 4: eq: []interface {} cannot be compared"],
    ["{{ lt true false }}", "line 1, column 4: lt: bool has no order"],
    ["{{ len 3 }}", "line 1, column 4: len: int has no length"],
    ['{{ index "abc" 3 }}', "line 1, column 4: index: index 3 is out of range: the string has 3"],
    ["{{ index (list 1) -1 }}", "line 1, column 4: index: index -1 is out of range: the slice has 1"],
    ["{{ index .Labels 3 }}", "line 1, column 4: index: found int where the key is a string"],
    ["{{ index nil }}{{ index .Labels.nope 1 }}", "line 1, column 19: index: <nil> cannot be indexed"],
    ['{{ substr 3 2 "abc" }}', "line 1, column 4: substr: bytes 3 to 2 are out of range: the string has 3"],
    ['{{ repeat -1 "a" }}', "line 1, column 4: repeat: the count -1 is negative"],
    ["{{ div 1 0 }}", "line 1, column 4: div: division by zero"],
    [
      '{{ regexFind "(" "a" }}',
      'line 1, column 4: regexFind: "(" is no regular expression of RE2: error parsing regexp: missing closing ): `(`',
    ],
    ['{{ set nil "a" 1 }}', "line 1, column 4: set: nothing can be put into nil"],
    ['{{ $d := dict }}{{ set $d "a" $d }}', "line 1, column 20: set: a dictionary cannot be put into itself"],
    ['{{ fail "no host" }}', "line 1, column 4: fail: no host"],
    ["{{ printf `%p` 1 }}", "line 1, column 4: printf: %p is not supported: a value of a template has no address"],
    ['{{ trunc 1 "ä" }}', "the template cuts a character in two: trunc, substr and the like count bytes"],
  ])("%s", (template, message) => {
    expect(failure(template)).toBe(message);
  });

  test("for other services it may well work", () => {
    const compiled = compileTemplate("{{ substr 0 3 .Name }}{{ index .Name 4 }}", ["Name"]);
    if (compiled.kind === "refused") throw new Error(compiled.message);
    expect(compiled.render({ Name: "web" })).toMatchObject({ kind: "failed" });
    expect(compiled.render({ Name: "webby" })).toEqual({ kind: "rendered", text: "web121" });
  });
});

describe("no template holds up the others", () => {
  test.each([
    ["a long loop", "{{ range 20000 }}{{ end }}", "10000 steps"],
    ["an endless loop", "{{ range 9223372036854775807 }}x{{ end }}", "10000 steps"],
    ["a template that includes itself", '{{ template "defaultRule" . }}', "more than 50 deep"],
    ["a long string", '{{ repeat 9999999999999 "x" }}', "65536 bytes"],
    ["a long output", '{{ range 3 }}{{ repeat 30000 "x" }}{{ end }}', "writes more than 65536 bytes"],
    ["replacements that grow", '{{ replace "a" (repeat 60000 "b") (repeat 60000 "a") }}', "65536 bytes"],
    ["a wide number", '{{ printf "%999999d" 1 }}', "65536 bytes"],
    ["wide numbers", '{{ printf "%65000d%65000d" 1 2 }}', "65536 bytes"],
    ["a long list", "{{ until 20000 }}", "10000 steps"],
    ["a list that doubles", "{{ $l := list 1 }}{{ range 60 }}{{ $l = concat $l $l }}{{ end }}", "10000 steps"],
    [
      "a list that holds itself twice",
      "{{ $l := list 1 }}{{ range 60 }}{{ $l = list $l $l }}{{ end }}{{ $l }}",
      "10000 steps",
    ],
    [
      "a comparison of such lists",
      "{{ $l := list 1 }}{{ $m := list 1 }}{{ range 60 }}{{ $l = list $l $l }}{{ $m = list $m $m }}{{ end }}{{ deepEqual $l $m }}",
      "10000 steps",
    ],
    ["many searches for a pattern", '{{ regexFindAll "a.*z|a" (repeat 60000 "a") -1 | len }}', "10000 steps"],
    [
      "a large pattern",
      '{{ regexMatch "a{1000}b{1000}c{1000}d{1000}e{1000}f{1000}g{1000}h{1000}i{1000}j{1000}k{1000}l{1000}m{1000}n{1000}o{1000}p{1000}q{1000}r{1000}s{1000}t{1000}a{1000}b{1000}c{1000}d{1000}e{1000}f{1000}g{1000}h{1000}i{1000}j{1000}k{1000}l{1000}m{1000}n{1000}o{1000}p{1000}q{1000}r{1000}s{1000}t{1000}" "a" }}',
      "10000 steps",
    ],
  ])("%s is stopped", (_, template, limit) => {
    expect(failure(template)).toContain(limit);
  });

  test("what a service brings cannot spoil the next one", () => {
    const compiled = compileTemplate('{{ $d := dict "n" .Name }}{{ set $d "x" 1 }}{{ len $d }}', ["Name"]);
    if (compiled.kind === "refused") throw new Error(compiled.message);
    expect(compiled.render({ Name: "a" })).toEqual(compiled.render({ Name: "a" }));
  });
});

test("what a service brings is never a template itself", () => {
  const compiled = compileTemplate("{{ .Name }}", ["Name"]);
  if (compiled.kind === "refused") throw new Error(compiled.message);
  expect(compiled.render({ Name: "{{ env `X` }}" })).toEqual({ kind: "rendered", text: "{{ env `X` }}" });
});
