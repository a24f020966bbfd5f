/** The variables that a template has declared at some place; `$` always is. */
export class Scope {
  #names: string[] = ["$"];

  declare(name: string): void {
    this.#names.push(name);
  }

  has(name: string): boolean {
    return this.#names.includes(name);
  }

  /** Runs `work` and forgets what it has declared. */
  within<T>(work: () => T): T {
    const before = this.#names.length;
    const result = work();
    this.#names = this.#names.slice(0, before);
    return result;
  }
}
