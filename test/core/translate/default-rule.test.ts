import { expect, test } from "vitest";
import type { RuleData } from "../../../src/core/settings.ts";
import { compileDefaultRule } from "../../../src/core/translate/default-rule.ts";

const DATA: RuleData = {
  Name: "my.web",
  Labels: new Map([["traefik.host", "h.example"]]),
  Node: "n1",
  Datacenter: "dc1",
  Namespace: "team",
  Address: "10.0.0.1",
  Port: 24_000,
  Tags: ["b", "a"],
  Meta: new Map([["team", "blue"]]),
  TaggedAddresses: new Map([["wan", "192.0.2.1"]]),
};

function render(template: string) {
  const rule = compileDefaultRule(template);
  return rule.kind === "refused" ? rule : rule.render(DATA);
}

test.each([
  ["Host(`{{ normalize .Name }}`)", "Host(`my-web`)"],
  ["Host(`{{ .Name | normalize }}.x`) && Path(`/{{.Name}}`)", "Host(`my-web.x`) && Path(`/my.web`)"],
  ['{{ index .Labels "traefik.host" }}', "h.example"],
  ['[{{ index .Labels "traefik.none" }}]', "[]"],
  ["{{ if .Labels.none }}x{{ end }}", ""],
  ['Host(`{{ trimSuffix ".web" .Name }}.{{ default "lab" .Namespace }}`)', "Host(`my.team`)"],
  ["", ""],
])("N5: %j renders as %j", (template, rule) => {
  expect(render(template)).toEqual({ kind: "rendered", rule });
});

test("beside Traefik's fields there are the node, where it is, and the tags", () => {
  expect(
    render("{{ .Node }} {{ .Datacenter }} {{ .Namespace }} {{ .Address }}:{{ .Port }} {{ join `,` .Tags }}"),
  ).toEqual({ kind: "rendered", rule: "n1 dc1 team 10.0.0.1:24000 b,a" });
});

test("what cannot work for any service is refused when it is compiled", () => {
  expect(render("Host(`{{ .Toto }}`)")).toEqual({
    kind: "refused",
    message:
      "the default rule, line 1, column 10: .Toto is not a field; .Name, .Labels, .Node, .Datacenter, .Namespace, .Address, .Port, .Tags, .Meta, .TaggedAddresses are",
  });
});

test("what fails for a service says so and throws nothing", () => {
  expect(render('{{ fail "no" }}')).toEqual({ kind: "failed", message: "line 1, column 4: fail: no" });
});
