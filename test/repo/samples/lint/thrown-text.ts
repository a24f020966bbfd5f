export function fail(): never {
  throw "a text without a stack";
}
