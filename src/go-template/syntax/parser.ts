import { TemplateFault } from "../fault.ts";
import { bytesOf } from "../value/bytes.ts";
import { type ControlNode, MAIN, type Node, type TemplateSet } from "./ast.ts";
import { tokenize } from "./lexer.ts";
import { unquote } from "./literal.ts";
import { parsePipe } from "./pipeline.ts";
import { Scope } from "./scope.ts";
import { TokenStream } from "./token-stream.ts";

/** Actions in each other: each takes some of JavaScript's stack. */
const MAX_DEPTH = 100;

/** How far a list of nodes goes; `else` and `end` belong to the action around it. */
type Ending = "else" | "end" | "end of the template";

/** What is around a node: variables, the number of `range`s to break out of, and of actions. */
interface Context {
  readonly scope: Scope;
  readonly ranges: number;
  readonly depth: number;
}

/**
 * Reads a template of Go's text/template, with those that it defines. A fault says what does not fit the grammar and
 * where; functions and fields are checked by others.
 */
export function parseTemplate(template: string): TemplateSet {
  return new Parser(new TokenStream(tokenize(template))).parse();
}

class Parser {
  readonly #tokens: TokenStream;
  readonly #templates = new Map<string, readonly Node[]>();

  constructor(tokens: TokenStream) {
    this.#tokens = tokens;
  }

  parse(): TemplateSet {
    const { nodes } = this.#nodes({ scope: new Scope(), ranges: 0, depth: 0 });
    this.#add(MAIN, nodes, 0);
    return this.#templates;
  }

  /** Two templates of the same name are an error unless one is blank, as in Go. */
  #add(name: string, nodes: readonly Node[], at: number): void {
    const known = this.#templates.get(name);
    if (known === undefined || isBlank(known)) this.#templates.set(name, nodes);
    else if (!isBlank(nodes)) throw new TemplateFault(`template ${JSON.stringify(name)} is defined twice`, at);
  }

  #nodes(context: Context): { readonly nodes: readonly Node[]; readonly ending: Ending } {
    const nodes: Node[] = [];
    for (;;) {
      const token = this.#tokens.take();
      if (token.kind === "text") nodes.push({ kind: "text", at: token.at, text: bytesOf(token.text) });
      else if (token.kind === "end of the template") {
        if (context.depth > 0) throw new TemplateFault("an action is not closed by {{ end }}", token.at);
        return { nodes, ending: "end of the template" };
      } else {
        const node = this.#action(context);
        if (node === "else" || node === "end") {
          if (context.depth === 0) throw new TemplateFault(`unexpected {{ ${node} }}`, token.at);
          return { nodes, ending: node };
        }
        if (node !== undefined) nodes.push(node);
      }
    }
  }

  /** Reads an action behind its opening. `else` and `end` end a list, a definition leaves nothing behind. */
  #action(context: Context): Node | "else" | "end" | undefined {
    const { kind, text, at } = this.#tokens.peek();
    if (context.depth > MAX_DEPTH) throw new TemplateFault(`more than ${MAX_DEPTH} actions in each other`, at);
    if (kind !== "keyword" || text === "nil") {
      return { kind: "print", at, pipe: parsePipe(this.#tokens, context.scope, "command") };
    }
    this.#tokens.take();
    switch (text) {
      case "end":
        this.#close(text);
        return "end";
      case "else":
        if (!this.#isKeyword("if", "with")) this.#close(text);
        return "else";
      case "if":
      case "with":
      case "range":
        return this.#control(text, at, context);
      case "break":
      case "continue":
        this.#close(text);
        if (context.ranges === 0) throw new TemplateFault(`{{ ${text} }} outside {{ range }}`, at);
        return { kind: text, at };
      case "define":
        return this.#define(at, context);
      case "block":
        return this.#block(at, context);
      default:
        return this.#template(at, context);
    }
  }

  #isKeyword(...words: readonly string[]): boolean {
    const { kind, text } = this.#tokens.peek();
    return kind === "keyword" && words.includes(text);
  }

  #close(action: string): void {
    this.#tokens.expect("close", action, "}}");
  }

  /** `{{ else if }}` is an `if` within the `else`; both are closed by the same `{{ end }}`. */
  #control(kind: ControlNode["kind"], at: number, context: Context): ControlNode {
    return context.scope.within(() => {
      const pipe = parsePipe(this.#tokens, context.scope, kind);
      const inner = { ...context, depth: context.depth + 1 };
      const body = this.#nodes(kind === "range" ? { ...inner, ranges: context.ranges + 1 } : inner);
      if (body.ending !== "else") return { kind, at, pipe, body: body.nodes, otherwise: [] };
      const next = this.#tokens.peek();
      if (this.#isKeyword("if", "with")) {
        if (next.text !== kind) throw new TemplateFault(`unexpected ${next.text} behind the else of ${kind}`, next.at);
        this.#tokens.take();
        return { kind, at, pipe, body: body.nodes, otherwise: [this.#control(kind, next.at, inner)] };
      }
      const otherwise = this.#nodes(inner);
      if (otherwise.ending !== "end") throw new TemplateFault("a second {{ else }}; {{ end }} is allowed", next.at);
      return { kind, at, pipe, body: body.nodes, otherwise: otherwise.nodes };
    });
  }

  #define(at: number, context: Context): undefined {
    if (context.depth > 0) throw new TemplateFault("{{ define }} within another action; put it at the top", at);
    const name = this.#name("define");
    this.#close("define");
    this.#add(name, this.#definition(), at);
  }

  /** Defines a template and uses it at once. */
  #block(at: number, context: Context): Node {
    const name = this.#name("block");
    const pipe = parsePipe(this.#tokens, context.scope, "block");
    this.#add(name, this.#definition(context.depth), at);
    return { kind: "template", at, name, pipe };
  }

  #definition(depth = 0): readonly Node[] {
    const { nodes, ending } = this.#nodes({ scope: new Scope(), ranges: 0, depth: depth + 1 });
    if (ending !== "end") throw new TemplateFault("unexpected {{ else }} in a definition", this.#tokens.peek().at);
    return nodes;
  }

  #template(at: number, context: Context): Node {
    const name = this.#name("template");
    if (this.#tokens.takeIf("close") !== undefined) return { kind: "template", at, name, pipe: undefined };
    return { kind: "template", at, name, pipe: parsePipe(this.#tokens, context.scope, "template") };
  }

  #name(action: string): string {
    const token = this.#tokens.takeIf("string") ?? this.#tokens.takeIf("rawString");
    return token === undefined ? this.#tokens.fail(action, "the template's name in quotes") : unquote(token.text);
  }
}

function isBlank(nodes: readonly Node[]): boolean {
  return nodes.every((node) => node.kind === "text" && /^[\t-\r ]*$/.test(node.text));
}
