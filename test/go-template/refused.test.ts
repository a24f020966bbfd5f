import { describe, expect, test } from "vitest";
import { compileTemplate } from "../../src/go-template/go-template.ts";

function refusal(template: string): string {
  const compiled = compileTemplate(template, ["Name", "Labels"]);
  return compiled.kind === "refused" ? compiled.message : "accepted";
}

describe("what is not Go's syntax is refused, with its place", () => {
  test.each([
    ["{{ .Name", "line 1, column 1: {{ is not closed by }}"],
    ["{{}}", "line 1, column 3: missing value for command"],
    ["a\n  {{ if .Name }}", "line 2, column 17: an action is not closed by {{ end }}"],
    ["{{ end }}", "line 1, column 1: unexpected {{ end }}"],
    ["{{ else }}", "line 1, column 1: unexpected {{ else }}"],
    ["{{ if 1 }}{{ else }}{{ else }}{{ end }}", "line 1, column 21: a second {{ else }}; {{ end }} is allowed"],
    ["{{ if 1 }}{{ else with 1 }}{{ end }}", "line 1, column 19: unexpected with behind the else of if"],
    ["{{ range list }}{{ else if 1 }}{{ end }}", "line 1, column 25: unexpected if behind the else of range"],
    ["{{ break }}", "line 1, column 4: {{ break }} outside {{ range }}"],
    ["{{ range list }}{{ else }}{{ continue }}{{ end }}", "line 1, column 30: {{ continue }} outside {{ range }}"],
    ["{{ $x }}", "line 1, column 4: undefined variable $x"],
    ["{{ $x = 1 }}", "line 1, column 4: undefined variable $x"],
    ["{{ if true }}{{ $x := 1 }}{{ end }}{{ $x }}", "line 1, column 39: undefined variable $x"],
    ["{{ $x, $y := list 1 }}", "line 1, column 6: too many variables in command; only range declares two"],
    ["{{ (1 }}", "line 1, column 7: a parenthesis is not closed before }}"],
    ["{{ 1) }}", "line 1, column 5: unexpected )"],
    ["{{ () }}", "line 1, column 5: missing value for parenthesized pipeline"],
    ['{{ "abc }}', 'line 1, column 4: the string that starts with "\\"" is not closed'],
    ["{{ `abc }}", 'line 1, column 4: the string that starts with "`" is not closed'],
    ['{{ "\\z" }}', "line 1, column 4: \\z is no escape that Go has; write \\\\ for a backslash"],
    ["{{ 'ab' }}", "line 1, column 4: 'ab' is no character: exactly one is allowed between single quotes"],
    ["{{ 089 }}", "line 1, column 4: 089 is no number: whole numbers and decimals are allowed"],
    ["{{ 1i }}", "line 1, column 4: 1i is no number: whole numbers and decimals are allowed"],
    ["{{ 9223372036854775808 }}", "line 1, column 4: 9223372036854775808 overflows int"],
    ["{{ .Name @ }}", 'line 1, column 10: unexpected character "@"'],
    ["{{ .Name-}}", 'line 1, column 9: unexpected character "-" behind .Name'],
    ["{{-.Name }}", 'line 1, column 3: unexpected character "-"'],
    ["{{/* x }}", "line 1, column 5: the comment is not closed by */"],
    ["{{/* x */ }}", "line 1, column 8: a comment fills its action: nothing but }} may follow */"],
    ["{{ 1 | 2 }}", "line 1, column 8: arguments are given to something that is no function"],
    ["{{ .Name 3 }}", "line 1, column 4: arguments are given to something that is no function"],
    ["{{ 3.x }}", "line 1, column 4: 3.x is no number: whole numbers and decimals are allowed"],
    ["{{ true.x }}", "line 1, column 4: unexpected .x: it follows what has no fields"],
    ["{{ nil }}", "line 1, column 4: nil is not a command"],
    ['{{ "a""b" }}', 'line 1, column 7: unexpected "b" in command; | or }} is allowed'],
    ["{{ template }}", "line 1, column 13: unexpected }} in template; the template's name in quotes is allowed"],
    [
      '{{ if 1 }}{{ define "a" }}{{ end }}{{ end }}',
      "line 1, column 14: {{ define }} within another action; put it at the top",
    ],
    ['{{ define "a" }}1{{ end }}{{ define "a" }}2{{ end }}', 'line 1, column 30: template "a" is defined twice'],
  ])("%j", (template, message) => {
    expect(refusal(template)).toBe(message);
  });
});

describe("what can never work is refused, with what is allowed", () => {
  test.each([
    ["{{ foo }}", "line 1, column 4: foo is not a function; Go's own and sprig's functions are allowed"],
    ["{{ .Name | uper }}", "line 1, column 12: uper is not a function; upper is one"],
    ["{{ print uper }}", "line 1, column 10: uper is not a function; upper is one"],
    ["{{ .Toto }}", "line 1, column 4: .Toto is not a field; .Name, .Labels are"],
    ["{{ with .Name }}{{ $.Toto }}{{ end }}", "line 1, column 20: .Toto is not a field; .Name, .Labels are"],
    [
      "{{ if true }}{{ else }}{{ upper .Toto }}{{ end }}",
      "line 1, column 33: .Toto is not a field; .Name, .Labels are",
    ],
    ["{{ upper }}", "line 1, column 4: upper takes 1 argument, found 0"],
    ['{{ "a" | upper "b" }}', "line 1, column 10: upper takes 1 argument, found 2"],
    ["{{ index }}", "line 1, column 4: index takes at least 1 argument, found 0"],
    ["{{ upper 3 }}", "line 1, column 10: upper takes string, found a number"],
    ['{{ trunc 1.5 "a" }}', "line 1, column 10: trunc takes int, found a number"],
    ["{{ upper nil }}", "line 1, column 10: upper takes string, found nil"],
    ['{{ template "x" }}', 'line 1, column 4: template "x" is not defined'],
  ])("%j", (template, message) => {
    expect(refusal(template)).toBe(message);
  });

  test("behind with, range and template it is unknown what the dot is, so its fields are not checked", () => {
    expect(refusal('{{ with dict "a" 1 }}{{ .a }}{{ end }}{{ range list }}{{ .b }}{{ end }}')).toBe("accepted");
    expect(refusal('{{ define "t" }}{{ .c }}{{ end }}{{ template "t" dict }}')).toBe("accepted");
  });
});

test.each([
  ["env", '{{ env "HOME" }}', "it reads the environment, where secrets are"],
  ["expandenv", '{{ expandenv "$HOME" }}', "it reads the environment, where secrets are"],
  ["getHostByName", '{{ getHostByName "a" }}', "it asks the network"],
  ["now", "{{ now }}", "it depends on the time, so that the chart would change although the catalog has not"],
  [
    "randAlpha",
    "{{ randAlpha 3 }}",
    "it depends on chance, so that the chart would change although the catalog has not",
  ],
  ["genPrivateKey", '{{ genPrivateKey "rsa" }}', "it makes or handles secrets, which do not belong into a rule"],
  ["toJson", "{{ toJson .Labels }}", "rules have not needed it"],
])("%s is left out, and the message says why", (name, template, reason) => {
  expect(refusal(template)).toBe(`line 1, column 4: function ${name} is not allowed: ${reason}`);
});

test.each([
  ["parentheses", `{{ ${"(".repeat(200)}1${")".repeat(200)} }}`, "more than 100 parentheses in each other"],
  ["actions", "{{ if 1 }}".repeat(200) + "{{ end }}".repeat(200), "more than 100 actions in each other"],
])("too many %s in each other are refused before they exhaust the stack", (_, template, message) => {
  expect(refusal(template)).toContain(message);
});
