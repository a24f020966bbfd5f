import { one } from "./import-cycle.ts";

export function other(): number {
  return one();
}
