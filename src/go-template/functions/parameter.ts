import type { Budget } from "../budget.ts";
import { TemplateFault } from "../fault.ts";
import type { Literal } from "../syntax/ast.ts";
import { dict, type GoMap, type GoValue, int, isInteger, isMap, typeOf } from "../value/value.ts";

/**
 * What a function takes. Go converts nothing when a template calls a function: an `int64` where an `int` is declared is
 * an error. Only a number written in the template fits what it is needed for.
 */
export interface Parameter<T> {
  /** Go's name of the type, for messages. */
  readonly type: string;
  readonly takesNil: boolean;
  /** The value as the function wants it; undefined if it has another type. */
  readonly read: (value: GoValue) => T | undefined;
  /** What a literal stands for here; undefined if it cannot. */
  readonly literal: (literal: Literal) => GoValue;
}

export const TEXT: Parameter<string> = {
  type: "string",
  takesNil: false,
  read: (value) => (typeof value === "string" ? value : undefined),
  literal: (literal) => (literal.kind === "string" ? literal.value : undefined),
};

export const BOOL: Parameter<boolean> = {
  type: "bool",
  takesNil: false,
  read: (value) => (typeof value === "boolean" ? value : undefined),
  literal: (literal) => (literal.kind === "bool" ? literal.value : undefined),
};

/** Go's `int` has 64 bits; what does not fit a number exactly is far beyond every limit here. */
export const INT: Parameter<number> = {
  type: "int",
  takesNil: false,
  read: (value) => (isInteger(value) && value.kind === "int" ? Number(value.value) : undefined),
  literal: (literal) => (literal.kind === "number" && literal.integer !== undefined ? int(literal.integer) : undefined),
};

export const FLOAT: Parameter<number> = {
  type: "float64",
  takesNil: false,
  read: (value) => (typeof value === "number" ? value : undefined),
  literal: (literal) => (literal.kind === "number" ? literal.float : undefined),
};

/** What a function sees where nil is given for a dictionary: it is empty, and nothing can be put in. */
export const NIL_DICT: GoMap = dict([]);

/** A `map[string]interface {}`: labels, which are a `map[string]string`, do not fit. */
export const DICT: Parameter<GoMap> = {
  type: "map[string]interface {}",
  takesNil: true,
  read: (value) => {
    if (value === undefined || value === null) return NIL_DICT;
    return isMap(value) && value.element === "interface {}" ? value : undefined;
  },
  literal: () => undefined,
};

/** Anything, wrapped so that nil is not mistaken for a misfit. */
export const ANY: Parameter<{ readonly value: GoValue }> = {
  type: "interface {}",
  takesNil: true,
  read: (value) => ({ value }),
  literal: literalValue,
};

/** What a literal is where no type is asked for: an `int` unless it is written as a float. */
export function literalValue(literal: Literal): GoValue {
  if (literal.kind !== "number") return literal.value;
  return literal.looksLikeFloat || literal.integer === undefined ? literal.float : int(literal.integer);
}

/** The type of the values that a list of parameters reads. */
type Read<P extends readonly Parameter<unknown>[]> = {
  [K in keyof P]: P[K] extends Parameter<infer T> ? T : never;
};

export interface GoFunction {
  readonly parameters: readonly Parameter<unknown>[];
  /** Takes all arguments beyond `parameters`. */
  readonly rest: Parameter<unknown> | undefined;
  readonly call: (values: readonly GoValue[], budget: Budget) => GoValue;
}

/** A function with so many arguments, in the order in which templates give them. */
export function fixed<const P extends readonly Parameter<unknown>[]>(
  parameters: P,
  body: (budget: Budget, ...values: Read<P>) => GoValue,
): GoFunction {
  return {
    parameters,
    rest: undefined,
    // The compiler cannot know that reading P's parameters one by one gives Read<P>.
    call: (values, budget) => body(budget, ...(readAll(parameters, values) as Read<P>)),
  };
}

/** A function with so many arguments and any number of others, which come as a list. */
export function variadic<const P extends readonly Parameter<unknown>[], R>(
  parameters: P,
  rest: Parameter<R>,
  body: (budget: Budget, others: readonly R[], ...values: Read<P>) => GoValue,
): GoFunction {
  return {
    parameters,
    rest,
    call: (values, budget) => {
      const others = values.slice(parameters.length).map((value) => readOne(rest, value));
      return body(budget, others, ...(readAll(parameters, values) as Read<P>));
    },
  };
}

function readAll(parameters: readonly Parameter<unknown>[], values: readonly GoValue[]): unknown[] {
  return parameters.map((parameter, at) => readOne(parameter, values[at]));
}

function readOne<T>(parameter: Parameter<T>, value: GoValue): T {
  const read = parameter.read(value);
  if (read !== undefined) return read;
  if (value === undefined) throw new TemplateFault(`no value where ${parameter.type} is expected`);
  throw new TemplateFault(`found ${typeOf(value)} where ${parameter.type} is expected`);
}

/** The parameter for the argument at `index`; undefined if there is none. */
export function parameterAt(called: GoFunction, index: number): Parameter<unknown> | undefined {
  return called.parameters[index] ?? called.rest;
}
