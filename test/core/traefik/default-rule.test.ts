import { expect, test } from "vitest";
import { compileDefaultRule } from "../../../src/core/traefik/default-rule.ts";
import { labelsOf } from "../../../src/core/traefik/labels.ts";

function render(template: string, name = "my.web", tags: string[] = []): string {
  const rule = compileDefaultRule(template);
  if (rule.kind === "refused") throw new Error(rule.message);
  return rule.render(name, labelsOf(tags, "edge"));
}

test.each([
  ["Host(`{{ normalize .Name }}`)", "Host(`my-web`)"],
  ["Host(`{{ .Name | normalize }}.x`) && Path(`/{{.Name}}`)", "Host(`my-web.x`) && Path(`/my.web`)"],
  ["{{normalize\n\t.Name}}", "my-web"],
  ["a {{- .Name -}} b", "amy.webb"],
  ["a\n{{- .Name }} b", "amy.web b"],
  ['{{ index .Labels "traefik.host" }}', "h.example"],
  ["{{ index .Labels `traefik.host` }}", "h.example"],
  ['[{{ index .Labels "traefik.none" }}]', "[]"],
  ["PathPrefix(`/`)", "PathPrefix(`/`)"],
  ["a }} b", "a }} b"],
  ["", ""],
])("N5: %j renders as %j", (template, expected) => {
  expect(render(template, "my.web", ["edge.host=h.example"])).toBe(expected);
});

test("what a service brings is never a template itself", () => {
  expect(render('{{ .Name }}{{ index .Labels "traefik.a" }}', "{{ .Name }}", ["edge.a={{ env `X` }}"])).toBe(
    "{{ .Name }}{{ env `X` }}",
  );
});

test.each([
  '{{ env "HOME" }}',
  "{{ .Toto }}",
  "{{ if .Name }}",
  "{{ .Name",
  "{{}}",
  "{{/* a comment */}}",
  "{{ .Name | upper }}",
  "{{ index .Labels traefik.a }}",
  "{{-.Name }}",
  "{{ .Name-}}",
])("%j is refused and the message says what is allowed", (template) => {
  const rule = compileDefaultRule(`Host(\`${template}\`)`);
  expect(rule).toMatchObject({ kind: "refused" });
  if (rule.kind === "refused") {
    expect(rule.message).toContain(JSON.stringify(template).slice(1, -1));
    expect(rule.message).toContain("{{ normalize .Name }}");
  }
});
