import type { Label } from "./labels.ts";
import { normalize } from "./normalize.ts";

/** The rule of a service, from its name as registered and its labels; an empty one means no router. */
export type CompiledRule = (name: string, labels: ReadonlyMap<string, Pick<Label, "value">>) => string;

export type DefaultRule =
  | { readonly kind: "compiled"; readonly render: CompiledRule }
  | { readonly kind: "refused"; readonly message: string };

const ACTION = /^\{\{(-[ \t\r\n]+)?(.*?)([ \t\r\n]+-)?\}\}/s;
const SPACES = /[ \t\r\n]+/g;
const LABEL = /^index \.Labels (?:"([^"\\\n]+)"|`([^`]+)`)$/;

const ALLOWED =
  '{{ .Name }}, {{ normalize .Name }}, {{ .Name | normalize }} and {{ index .Labels "traefik.some.key" }} are allowed';

/**
 * Compiles the template of the default rule: literal text and four actions of Traefik's Go templates, with or without
 * trim markers. Traefik allows all of sprig there, which reads the environment and resolves host names; nothing else is
 * compiled here. `.Name` is the service's name as registered, `.Labels` the labels under their `traefik.` keys; a label
 * that is not there is empty, as in Go.
 */
export function compileDefaultRule(template: string): DefaultRule {
  const pieces: CompiledRule[] = [];
  let rest = template;
  let trimNext = false;
  for (;;) {
    const open = rest.indexOf("{{");
    const literal = open < 0 ? rest : rest.slice(0, open);
    const action = open < 0 ? undefined : ACTION.exec(rest.slice(open));
    const trimmed = trimLiteral(literal, trimNext, action?.[1] !== undefined);
    if (trimmed !== "") pieces.push(() => trimmed);
    if (action === undefined) break;
    if (action === null) return refused(rest.slice(open), "which is not closed by }}");
    const piece = compileAction(action[2] ?? "");
    if (piece === undefined) return refused(action[0], "which is not supported");
    pieces.push(piece);
    trimNext = action[3] !== undefined;
    rest = rest.slice(open + action[0].length);
  }
  return { kind: "compiled", render: (name, labels) => pieces.map((piece) => piece(name, labels)).join("") };
}

/** Go's trim markers take these four characters only. */
function trimLiteral(text: string, start: boolean, end: boolean): string {
  const left = start ? text.replace(/^[ \t\r\n]+/, "") : text;
  return end ? left.replace(/[ \t\r\n]+$/, "") : left;
}

function compileAction(action: string): CompiledRule | undefined {
  const label = LABEL.exec(action.trim());
  const key = label?.[1] ?? label?.[2];
  if (key !== undefined) return (_, labels) => labels.get(key)?.value ?? "";
  switch (action.trim().replace(SPACES, " ")) {
    case ".Name":
      return (name) => name;
    case "normalize .Name":
    case ".Name | normalize":
    case ".Name|normalize":
      return (name) => normalize(name);
    default:
      return;
  }
}

function refused(found: string, why: string): DefaultRule {
  return { kind: "refused", message: `the default rule has ${JSON.stringify(found)}, ${why}; ${ALLOWED}` };
}
