import { kindOf, typeOf } from "../../value/value.ts";
import { ANY, fixed, type GoFunction, TEXT } from "../parameter.ts";
import { deepEquals } from "./compare.ts";

/** sprig's questions about types. */
export const KIND_FUNCTIONS: Readonly<Record<string, GoFunction>> = {
  typeOf: fixed([ANY], (_, { value }) => typeOf(value)),
  typeIs: fixed([TEXT, ANY], (_, name, { value }) => name === typeOf(value)),
  typeIsLike: fixed([TEXT, ANY], (_, name, { value }) => name === typeOf(value) || `*${name}` === typeOf(value)),
  kindOf: fixed([ANY], (_, { value }) => kindOf(value)),
  kindIs: fixed([TEXT, ANY], (_, name, { value }) => name === kindOf(value)),
  deepEqual: fixed([ANY, ANY], (budget, a, b) => deepEquals(a.value, b.value, () => budget.spend(1))),
};
