/**
 * Why a template cannot be compiled, or cannot be rendered for one service. It never leaves this folder: the compiler
 * and the renderer turn it into a value.
 */
export class TemplateFault extends Error {
  /** Where in the template, in characters from its start; added by the caller that knows it. */
  readonly at: number | undefined;

  constructor(message: string, at?: number) {
    super(message);
    this.name = "TemplateFault";
    this.at = at;
  }
}

/** Runs `work`, and gives a fault that knows no place this one. */
export function faultsAt<T>(at: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof TemplateFault && error.at === undefined) throw new TemplateFault(error.message, at);
    throw error;
  }
}

/** A fault for people: line and column (from 1, in characters) and what is wrong there. */
export function describeFault(fault: TemplateFault, template: string): string {
  if (fault.at === undefined) return fault.message;
  const before = template.slice(0, fault.at).split("\n");
  return `line ${before.length}, column ${(before.at(-1) ?? "").length + 1}: ${fault.message}`;
}
