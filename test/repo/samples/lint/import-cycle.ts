import { other } from "./import-cycle-other.ts";

export function one(): number {
  return other();
}
