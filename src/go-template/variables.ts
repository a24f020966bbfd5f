import { TemplateFault } from "./fault.ts";
import type { GoValue } from "./value/value.ts";

/** The variables of a template that is being rendered, the latest last: a later one of the same name hides an earlier. */
export class Variables {
  readonly #stack: { readonly name: string; value: GoValue }[];

  /** `$` is what the template has been given. */
  constructor(root: GoValue) {
    this.#stack = [{ name: "$", value: root }];
  }

  get(name: string): GoValue {
    return this.#find(name).value;
  }

  declare(name: string, value: GoValue): void {
    this.#stack.push({ name, value });
  }

  assign(name: string, value: GoValue): void {
    this.#find(name).value = value;
  }

  /** Runs `work` and forgets what it has declared. */
  within<T>(work: () => T): T {
    const before = this.#stack.length;
    try {
      return work();
    } finally {
      this.#stack.length = before;
    }
  }

  #find(name: string): { value: GoValue } {
    const found = this.#stack.findLast((variable) => variable.name === name);
    // One that was declared in the branch not taken is known to the parser and missing here.
    if (found === undefined) throw new TemplateFault(`undefined variable ${name}`);
    return found;
  }
}
