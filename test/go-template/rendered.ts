import { normalize } from "../../src/core/traefik/normalize.ts";
import { compileTemplate, type TemplateData } from "../../src/go-template/go-template.ts";

const DATA: TemplateData = {
  Name: "my.web",
  Labels: new Map([
    ["traefik.host", "h.example"],
    ["plain", "p"],
  ]),
};

/** What the template makes of a service `my.web` with the labels `traefik.host` and `plain`; throws where it fails. */
export function rendered(template: string, data: TemplateData = DATA): string {
  const compiled = compileTemplate(template, Object.keys(data), { normalize });
  if (compiled.kind === "refused") throw new Error(`refused: ${compiled.message}`);
  const rendering = compiled.render(data);
  if (rendering.kind === "failed") throw new Error(`failed: ${rendering.message}`);
  return rendering.text;
}
