import { describe, expect, test } from "vitest";
import { rendered } from "./rendered.ts";

describe("Text, actions and what trim markers leave", () => {
  test.each([
    ["Host(`{{ normalize .Name }}`)", "Host(`my-web`)"],
    ['a  {{- " x " -}}  b', "a x b"],
    ["a\n{{- .Name }} b", "amy.web b"],
    ["a {{- /* a comment */ -}} b", "ab"],
    ["a {{/* a comment */}} b", "a  b"],
    ["a }} b", "a }} b"],
    ["{{.Name}}}", "my.web}"],
    ['{{ "{{" }}', "{{"],
    ["{{- 3 -}}", "3"],
  ])("%s is %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});

describe("Literals", () => {
  test.each([
    ['{{ "a\\x41\\101\\u00e9\\U0001F600\\t|" }}{{ `raw \\n` }}', "aAAé😀\t|raw \\n"],
    [
      String.raw`{{ 0x1F }} {{ 0b101 }} {{ 0o17 }} {{ 017 }} {{ 1_000 }} {{ -5 }} {{ 'a' }} {{ '\n' }} {{ '\'' }} {{ '\xff' }}`,
      "31 5 15 15 1000 -5 97 10 39 255",
    ],
    [
      "{{ 1.0 }} {{ .5 }} {{ 1e3 }} {{ 1e6 }} {{ 123456789.0 }} {{ 1e-7 }} {{ 1e21 }}",
      "1 0.5 1000 1e+06 1.23456789e+08 1e-07 1e+21",
    ],
    ["{{ true }} {{ false }}", "true false"],
  ])("%s is %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});

describe("Pipelines, variables and parentheses", () => {
  test.each([
    ['{{ .Name | upper | printf "%s-%d" | print }}', "MY.WEB-%!d(MISSING)"],
    ['{{ "x" | printf "%s-%s" "a" }}', "a-x"],
    ['{{ $x := .Name }}{{ $x }}{{ $x = "y" }}{{ $x }}', "my.weby"],
    ["{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $x := 3 }}{{ $x }}{{ end }}{{ $x }}", "32"],
    ["{{ with 3 }}{{ $.Name }}{{ . }}{{ end }}", "my.web3"],
    ['{{ len (print .Name "!") }}', "7"],
    ['{{ (index .Labels "traefik.host") | trimSuffix ".example" }}', "h"],
    ['{{ $x := "a" -}} {{ $y := print $x "b" -}} {{ $y }}', "ab"],
  ])("%s is %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});

describe("Fields of maps: a missing key of a chain is no value, by index it is the zero", () => {
  test.each([
    ['{{ .Labels.plain }} {{ index .Labels "plain" }}', "p p"],
    ['{{ .Labels.nope }} {{ .Labels.nope.more }} [{{ index .Labels "nope" }}]', "<no value> <no value> []"],
    ['{{ with dict "a" (dict "b" "c") }}{{ .a.b }} {{ .a.x }} {{ .x.y }}{{ end }}', "c <no value> <no value>"],
    ['{{ (dict "a" 1).a }} {{ (split "." "a.b")._1 }}', "1 b"],
    ["{{ .Labels }}", "map[plain:p traefik.host:h.example]"],
  ])("%s is %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});

describe("Conditions", () => {
  test.each([
    ["{{ if .Name }}a{{ else if true }}b{{ else }}c{{ end }}", "a"],
    ['{{ if "" }}a{{ else if 0 }}b{{ else }}c{{ end }}', "c"],
    ["{{ if and .Name (gt (len .Name) 3) }}long{{ end }}", "long"],
    ['{{ if not (hasKey (dict "a" 1) "b") }}none{{ end }}', "none"],
    ["{{ if list }}a{{ else if dict }}b{{ else if not (empty nil) }}c{{ else if 0.0 }}d{{ else }}e{{ end }}", "e"],
    ['{{ with index .Labels "traefik.host" }}[{{ . }}]{{ else }}none{{ end }}', "[h.example]"],
    ["{{ with .Labels.nope }}[{{ . }}]{{ else with .Name }}n{{ . }}{{ end }}", "nmy.web"],
    ["{{ with $x := .Name }}{{ $x }}{{ . }}{{ end }}", "my.webmy.web"],
    [
      '{{ and 1 0 }} {{ and 1 2 }} {{ or 0 "" "x" }} {{ or 0 "" }}| {{ not 1 }} {{ 3 | and 1 }} {{ true | or false }}',
      "0 2 x | false 3 true",
    ],
    ['{{ or true (fail "not looked at") }} {{ and false (fail "not looked at") }}', "true false"],
  ])("%s is %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});

describe("Loops", () => {
  test.each([
    ['{{ range $i, $e := splitList "," "a,b,,c" }}{{ $i }}={{ $e }};{{ end }}', "0=a;1=b;2=;3=c;"],
    ["{{ range $k, $v := .Labels }}{{ $k }}={{ $v }};{{ end }}", "plain=p;traefik.host=h.example;"],
    ["{{ range list 1 2 }}{{ . }}{{ else }}none{{ end }}{{ range list }}{{ . }}{{ else }}none{{ end }}", "12none"],
    [
      "{{ range 3 }}{{ . }}{{ end }}{{ range $i := 3 }}{{ $i }}{{ end }}{{ range 0 }}x{{ else }}none{{ end }}",
      "012012none",
    ],
    ["{{ range 5 }}{{ if eq . 3 }}{{ break }}{{ end }}{{ . }}{{ end }}", "012"],
    ["{{ range 5 }}{{ if eq . 3 }}{{ continue }}{{ end }}{{ . }}{{ end }}", "0124"],
    ["{{ range list 1 2 }}{{ range list }}{{ else }}{{ break }}{{ end }}{{ . }}{{ end }}", "12"],
    ["{{ range list 1 2 }}{{ range list }}{{ else }}{{ continue }}{{ end }}{{ . }}{{ end }}", ""],
    ["{{ $x := 0 }}{{ range $x = list 4 5 }}{{ end }}{{ $x }}", "5"],
    ["{{ $x := 0 }}{{ $i := 0 }}{{ range $i, $x = list 4 5 }}{{ end }}{{ $i }}{{ $x }}", "15"],
    ["{{ range list 1 nil 2 }}{{ . }},{{ end }}", "1,<no value>,2,"],
    ["{{ range $i := until 3 }}{{ if $i }}, {{ end }}{{ $i }}{{ end }}", "0, 1, 2"],
  ])("%s is %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});

describe("Templates in templates", () => {
  test.each([
    ['{{ define "t" }}<{{ . }}>{{ end }}{{ template "t" .Name }}{{ template "t" }}', "<my.web><<no value>>"],
    ['{{ block "b" .Name }}[{{ . }}]{{ end }}{{ template "b" 3 }}', "[my.web][3]"],
    ['{{ template "x" . }}{{ define "x" }}{{ .Name }}{{ $.Name }}{{ end }}', "my.webmy.web"],
    ['{{ define "a" }} {{ end }}{{ define "a" }}2{{ end }}{{ template "a" }}', "2"],
  ])("%s is %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});

describe("Comparisons", () => {
  test.each([
    [
      '{{ eq 1 1 }} {{ eq 1 2 3 1 }} {{ ne "a" "b" }} {{ lt 1 2 }} {{ le 2 2 }} {{ gt 1.5 1.0 }} {{ ge "b" "a" }}',
      "true true true true true true true",
    ],
    [
      '{{ eq (index "abc" 0) 97 }} {{ eq (add 1 1) 2 }} {{ eq nil nil }} {{ eq .Name nil }} {{ eq .Labels.nope nil }}',
      "true true true false true",
    ],
    ['{{ lt "Z" "a" }} {{ lt "é" "z" }} {{ eq "a" "b" | not }}', "true false true"],
  ])("%s is %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});

describe("Strings are bytes", () => {
  test.each([
    [
      '{{ len "äöü" }} {{ index "abc" 1 }} {{ trunc 3 "aä" }} {{ trunc 2 "aä" | quote }} {{ print (trunc 1 "ä") (substr 1 2 "ä") }}',
      String.raw`6 98 aä "a\xc3" ä`,
    ],
    [
      String.raw`{{ "\xff" | quote }} {{ "\xc3" | upper | quote }} {{ printf "%x" "ä" }} {{ "\xff" | toString | b64enc }}`,
      String.raw`"\xff" "�" c3a4 /w==`,
    ],
  ])("%s is %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});
