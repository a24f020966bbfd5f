import { type Budget, MAX_BYTES } from "./budget.ts";
import { evaluatePipe, type Place } from "./evaluate.ts";
import { faultsAt, TemplateFault } from "./fault.ts";
import { printed } from "./format/print.ts";
import type { FindFunction } from "./functions/registry.ts";
import { type ControlNode, MAIN, type Node, type TemplateSet } from "./syntax/ast.ts";
import { type GoValue, int, isInteger, isList, isMap, isTrue, sortedKeys, typeOf } from "./value/value.ts";
import { Variables } from "./variables.ts";

/** Templates that include each other: each takes some of JavaScript's stack. */
const MAX_DEPTH = 50;

/** How a list of nodes ends before its last, undefined where it does not. */
type EarlyEnd = "break" | "continue" | undefined;

/** Renders the main template of a set for some data, into bytes. */
export function renderTemplates(
  templates: TemplateSet,
  findFunction: FindFunction,
  data: GoValue,
  budget: Budget,
): string {
  const renderer = new Renderer(templates, findFunction, budget);
  renderer.template(MAIN, data, 0);
  return renderer.output;
}

class Renderer {
  output = "";
  readonly #templates: TemplateSet;
  readonly #findFunction: FindFunction;
  readonly #budget: Budget;

  constructor(templates: TemplateSet, findFunction: FindFunction, budget: Budget) {
    this.#templates = templates;
    this.#findFunction = findFunction;
    this.#budget = budget;
  }

  /** Another template sees what it is given and none of the caller's variables. */
  template(name: string, data: GoValue, depth: number): void {
    if (depth > MAX_DEPTH) throw new TemplateFault(`templates include each other more than ${MAX_DEPTH} deep`);
    const variables = new Variables(data);
    const place = { dot: data, variables, findFunction: this.#findFunction, budget: this.#budget };
    this.#nodes(this.#templates.get(name) ?? [], place, depth);
  }

  #nodes(nodes: readonly Node[], place: Place, depth: number): EarlyEnd {
    for (const node of nodes) {
      const earlyEnd = this.#node(node, place, depth);
      if (earlyEnd !== undefined) return earlyEnd;
    }
    return undefined;
  }

  #node(node: Node, place: Place, depth: number): EarlyEnd {
    this.#budget.spend(1);
    switch (node.kind) {
      case "text":
        this.#write(node.text);
        return;
      case "print": {
        const value = evaluatePipe(node.pipe, place);
        if (node.pipe.variables.length === 0) this.#write(faultsAt(node.at, () => printed(value, this.#budget)));
        return;
      }
      case "template": {
        const data = node.pipe === undefined ? undefined : evaluatePipe(node.pipe, place);
        faultsAt(node.at, () => this.template(node.name, data, depth + 1));
        return;
      }
      case "break":
      case "continue":
        return node.kind;
      case "range":
        return faultsAt(node.at, () => place.variables.within(() => this.#range(node, place, depth)));
      default:
        return place.variables.within(() => this.#choice(node, place, depth));
    }
  }

  #write(bytes: string): void {
    if (this.output.length + bytes.length > MAX_BYTES) {
      throw new TemplateFault(`the template writes more than ${MAX_BYTES} bytes, which is the limit`);
    }
    this.output += bytes;
  }

  #choice({ kind, pipe, body, otherwise }: ControlNode, place: Place, depth: number): EarlyEnd {
    const value = evaluatePipe(pipe, place);
    if (!isTrue(value)) return this.#nodes(otherwise, place, depth);
    return this.#nodes(body, kind === "with" ? { ...place, dot: value } : place, depth);
  }

  #range({ pipe, body, otherwise }: ControlNode, place: Place, depth: number): EarlyEnd {
    const value = evaluatePipe(pipe, place);
    let any = false;
    for (const [key, item] of itemsOf(value, pipe.variables.length)) {
      any = true;
      this.#budget.spend(1);
      const [first, second] = pipe.variables;
      if (second !== undefined) place.variables.assign(second, item);
      if (first !== undefined) place.variables.assign(first, second === undefined ? item : key);
      const earlyEnd = place.variables.within(() => this.#nodes(body, { ...place, dot: item }, depth));
      if (earlyEnd === "break") return;
    }
    if (any) return;
    // In Go a `break` in the else of a range ends that range; `continue` is for the one around it.
    const earlyEnd = this.#nodes(otherwise, place, depth);
    return earlyEnd === "break" ? undefined : earlyEnd;
  }
}

/** What a range goes through: a list with its indices, a map in the order of its keys, the numbers below a number. */
function* itemsOf(value: GoValue, variables: number): Generator<readonly [GoValue, GoValue]> {
  if (value === undefined || value === null) return;
  if (isList(value)) {
    for (const [index, item] of value.items.entries()) yield [int(index), item];
  } else if (isMap(value)) {
    yield* sortedKeys(value).map((key) => [key, value.entries.get(key)] as const);
  } else if (isInteger(value) && variables < 2) {
    for (let number = 0n; number < value.value; number++) yield [undefined, { kind: value.kind, value: number }];
  } else {
    const two = isInteger(value) ? " with two variables" : "";
    throw new TemplateFault(`range cannot go through ${typeOf(value)}${two}`);
  }
}
