import type { Budget } from "./budget.ts";
import { faultsAt, TemplateFault } from "./fault.ts";
import { type GoFunction, literalValue, type Parameter, parameterAt } from "./functions/parameter.ts";
import type { FindFunction } from "./functions/registry.ts";
import type { Command, Operand, Pipe } from "./syntax/ast.ts";
import type { GoValue } from "./value/value.ts";
import { isMap, isStruct, isTrue, typeOf } from "./value/value.ts";
import type { Variables } from "./variables.ts";

/** What the previous command of a pipeline has given. */
interface Piped {
  readonly value: GoValue;
}

/** Where expressions are evaluated: what `.` is, the variables, the functions, and what may still be used. */
export interface Place {
  readonly dot: GoValue;
  readonly variables: Variables;
  readonly findFunction: FindFunction;
  readonly budget: Budget;
}

/** The value of a pipeline. Variables that it declares are there afterwards. */
export function evaluatePipe(pipe: Pipe, place: Place): GoValue {
  let piped: Piped | undefined;
  for (const command of pipe.commands) {
    // An interface that holds nil is no value once it has come through a pipeline.
    piped = { value: evaluateCommand(command, piped, place) ?? undefined };
  }
  const value = piped?.value;
  for (const name of pipe.variables) {
    if (pipe.assigns) place.variables.assign(name, value);
    else place.variables.declare(name, value);
  }
  return value;
}

function evaluateCommand({ head, arguments: operands }: Command, piped: Piped | undefined, place: Place): GoValue {
  if (head.kind === "function") return callFunction(head.name, head.at, operands, piped, place);
  return evaluateOperand(head, place);
}

function evaluateOperand(operand: Operand, place: Place): GoValue {
  place.budget.spend(1);
  switch (operand.kind) {
    case "pipe":
      return evaluatePipe(operand, place);
    case "function":
      return callFunction(operand.name, operand.at, [], undefined, place);
    case "dot":
      return place.dot;
    case "field":
      return faultsAt(operand.at, () => followPath(place.dot, operand.path));
    case "variable":
      return faultsAt(operand.at, () => followPath(place.variables.get(operand.name), operand.path));
    case "chain":
      return faultsAt(operand.at, () => followPath(evaluateOperand(operand.of, place), operand.path));
    case "nil":
      return null;
    default:
      return literalValue(operand);
  }
}

function followPath(start: GoValue, path: readonly string[]): GoValue {
  let value = start;
  for (const name of path) value = fieldOf(value, name);
  return value;
}

/** No value has no fields, which is no error; a key that a map lacks is no value. */
function fieldOf(value: GoValue, name: string): GoValue {
  if (value === undefined) return undefined;
  if (value === null) throw new TemplateFault(`nil has no field .${name}`);
  if (isMap(value)) return value.entries.get(name);
  const field = isStruct(value) ? value.fields.get(name) : undefined;
  if (field === undefined) throw new TemplateFault(`${typeOf(value)} has no field .${name}`);
  return field;
}

function callFunction(
  name: string,
  at: number,
  operands: readonly Operand[],
  piped: Piped | undefined,
  place: Place,
): GoValue {
  place.budget.spend(1);
  const found = place.findFunction(name);
  if (found.kind !== "function") throw new TemplateFault(`${name} is not a function`, at);
  if (name === "and" || name === "or") return shortCircuit(name, operands, piped, place);
  const { called } = found;
  const values = operands.map((operand, index) => argument(operand, parameterAt(called, index), place));
  if (piped !== undefined) values.push(piped.value);
  return faultsAt(at, () => callWithin(called, name, values, place.budget));
}

function argument(operand: Operand, parameter: Parameter<unknown> | undefined, place: Place): GoValue {
  const isLiteral = operand.kind === "bool" || operand.kind === "string" || operand.kind === "number";
  if (isLiteral && parameter !== undefined) return parameter.literal(operand);
  return evaluateOperand(operand, place);
}

/** Strings that go in and come out are paid for, so that no function can take long. */
function callWithin(called: GoFunction, name: string, values: readonly GoValue[], budget: Budget): GoValue {
  for (const value of values) if (typeof value === "string") budget.spendBytes(value.length);
  try {
    const result = called.call(values, budget);
    if (typeof result === "string") budget.spendBytes(result.length);
    return result;
  } catch (error) {
    if (error instanceof TemplateFault && error.at === undefined) throw new TemplateFault(`${name}: ${error.message}`);
    throw error;
  }
}

/** `and` gives the first value that is not true, `or` the first that is, each else the last; the others are not looked at. */
function shortCircuit(
  name: "and" | "or",
  operands: readonly Operand[],
  piped: Piped | undefined,
  place: Place,
): GoValue {
  let value: GoValue;
  for (const operand of operands) {
    value = evaluateOperand(operand, place);
    if (isTrue(value) === (name === "or")) return value;
  }
  return piped === undefined ? value : piped.value;
}
