import { nearest } from "../base/nearest.ts";
import { TemplateFault } from "./fault.ts";
import { type GoFunction, parameterAt } from "./functions/parameter.ts";
import type { FindFunction, FoundFunction } from "./functions/registry.ts";
import { type Command, MAIN, type Node, type Operand, type Pipe, type TemplateSet } from "./syntax/ast.ts";

/** What `.` and `$` are at some place: the service's data, or whatever a `with`, a `range` or a caller has put there. */
interface Dots {
  readonly dot: "data" | "other";
  readonly root: "data" | "other";
}

/**
 * Finds what can never work, so that it is reported at the start and not once for each service: functions and fields
 * that do not exist, a wrong number of arguments, literals of the wrong type, templates that are not defined. Go itself finds
 * only the first of these before it runs a template.
 */
export function checkTemplate(templates: TemplateSet, fields: readonly string[], findFunction: FindFunction): void {
  for (const [name, nodes] of templates) {
    const dots: Dots = name === MAIN ? { dot: "data", root: "data" } : { dot: "other", root: "other" };
    new Checker(templates, fields, findFunction).nodes(nodes, dots);
  }
}

class Checker {
  readonly #templates: TemplateSet;
  readonly #fields: readonly string[];
  readonly #findFunction: FindFunction;

  constructor(templates: TemplateSet, fields: readonly string[], findFunction: FindFunction) {
    this.#templates = templates;
    this.#fields = fields;
    this.#findFunction = findFunction;
  }

  nodes(nodes: readonly Node[], dots: Dots): void {
    for (const node of nodes) this.#node(node, dots);
  }

  #node(node: Node, dots: Dots): void {
    switch (node.kind) {
      case "text":
      case "break":
      case "continue":
        return;
      case "print":
        this.#pipe(node.pipe, dots);
        return;
      case "template":
        if (!this.#templates.has(node.name)) {
          throw new TemplateFault(`template ${JSON.stringify(node.name)} is not defined`, node.at);
        }
        if (node.pipe !== undefined) this.#pipe(node.pipe, dots);
        return;
      default:
        this.#pipe(node.pipe, dots);
        this.nodes(node.body, node.kind === "if" ? dots : { ...dots, dot: "other" });
        this.nodes(node.otherwise, dots);
    }
  }

  #pipe(pipe: Pipe, dots: Dots): void {
    for (const [at, command] of pipe.commands.entries()) this.#command(command, at > 0, dots);
  }

  #command(command: Command, piped: boolean, dots: Dots): void {
    const { head } = command;
    if (head.kind === "nil") throw new TemplateFault("nil is not a command", head.at);
    if (head.kind === "function") {
      this.#call(head.name, head.at, command.arguments, piped, dots);
      return;
    }
    if (piped || command.arguments.length > 0) {
      throw new TemplateFault("arguments are given to something that is no function", head.at);
    }
    this.#operand(head, dots);
  }

  #call(name: string, at: number, operands: readonly Operand[], piped: boolean, dots: Dots): void {
    const called = requireFunction(this.#findFunction(name), name, at);
    const count = operands.length + (piped ? 1 : 0);
    const least = called.parameters.length;
    if (count < least || (called.rest === undefined && count > least)) {
      const allowed = `${called.rest === undefined ? "" : "at least "}${least}`;
      throw new TemplateFault(`${name} takes ${allowed} argument${least === 1 ? "" : "s"}, found ${count}`, at);
    }
    for (const [index, operand] of operands.entries()) {
      checkLiteral(name, called, index, operand);
      this.#operand(operand, dots);
    }
  }

  #operand(operand: Operand, dots: Dots): void {
    switch (operand.kind) {
      case "pipe":
        this.#pipe(operand, dots);
        return;
      case "chain":
        this.#operand(operand.of, dots);
        return;
      case "function":
        this.#call(operand.name, operand.at, [], false, dots);
        return;
      case "field":
        if (dots.dot === "data") this.#field(operand.path, operand.at);
        return;
      case "variable":
        if (operand.name === "$" && dots.root === "data") this.#field(operand.path, operand.at);
        return;
      default:
        return;
    }
  }

  #field(path: readonly string[], at: number): void {
    const [name] = path;
    if (name === undefined || this.#fields.includes(name)) return;
    throw new TemplateFault(`.${name} is not a field; ${this.#fields.map((field) => `.${field}`).join(", ")} are`, at);
  }
}

function requireFunction(found: FoundFunction, name: string, at: number): GoFunction {
  if (found.kind === "function") return found.called;
  if (found.kind === "leftOut") throw new TemplateFault(`function ${name} is not allowed: ${found.reason}`, at);
  const similar = nearest(name, found.known);
  const hint = similar === undefined ? "Go's own and sprig's functions are allowed" : `${similar} is one`;
  throw new TemplateFault(`${name} is not a function; ${hint}`, at);
}

function checkLiteral(name: string, called: GoFunction, index: number, operand: Operand): void {
  const parameter = parameterAt(called, index);
  if (parameter === undefined) return;
  if (operand.kind === "nil" && !parameter.takesNil) {
    throw new TemplateFault(`${name} takes ${parameter.type}, found nil`, operand.at);
  }
  if (operand.kind !== "bool" && operand.kind !== "string" && operand.kind !== "number") return;
  if (parameter.literal(operand) === undefined) {
    throw new TemplateFault(`${name} takes ${parameter.type}, found a ${operand.kind}`, operand.at);
  }
}
