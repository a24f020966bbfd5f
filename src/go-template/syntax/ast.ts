/** The syntax tree of a template. `at` is a place in the template, in characters from its start. */
export type Node =
  | { readonly kind: "text"; readonly at: number; readonly text: string }
  | { readonly kind: "print"; readonly at: number; readonly pipe: Pipe }
  | ControlNode
  | { readonly kind: "template"; readonly at: number; readonly name: string; readonly pipe: Pipe | undefined }
  | { readonly kind: "break" | "continue"; readonly at: number };

export interface ControlNode {
  readonly kind: "if" | "with" | "range";
  readonly at: number;
  readonly pipe: Pipe;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

/** `$a, $b := first | second`: each command's value is the last argument of the next. */
export interface Pipe {
  readonly kind: "pipe";
  readonly at: number;
  /** Variables with their `$`. */
  readonly variables: readonly string[];
  /** `=` rather than `:=`: the variables exist already. */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

/** A function or a field with its arguments, or an operand alone. */
export interface Command {
  readonly at: number;
  readonly head: Operand;
  readonly arguments: readonly Operand[];
}

export type Literal =
  | { readonly kind: "bool"; readonly at: number; readonly value: boolean }
  | { readonly kind: "string"; readonly at: number; readonly value: string }
  | ({ readonly kind: "number"; readonly at: number } & NumberLiteral);

/** What a number can stand for; the type of the parameter decides. */
export interface NumberLiteral {
  readonly text: string;
  readonly float: number;
  /** Missing where the number is not whole. `1.0` is. */
  readonly integer: bigint | undefined;
  /** A float where nothing asks for a type: it is written with a point or an exponent. */
  readonly looksLikeFloat: boolean;
}

export type Operand =
  | Literal
  | { readonly kind: "nil"; readonly at: number }
  | { readonly kind: "dot"; readonly at: number }
  | { readonly kind: "field"; readonly at: number; readonly path: readonly string[] }
  | { readonly kind: "variable"; readonly at: number; readonly name: string; readonly path: readonly string[] }
  | { readonly kind: "function"; readonly at: number; readonly name: string }
  | { readonly kind: "chain"; readonly at: number; readonly of: Operand; readonly path: readonly string[] }
  | Pipe;

/** A template with those that it defines, by name; its own name is `MAIN`. */
export type TemplateSet = ReadonlyMap<string, readonly Node[]>;

/** Traefik's name for the template of the default rule, under which it may include itself. */
export const MAIN = "defaultRule";
