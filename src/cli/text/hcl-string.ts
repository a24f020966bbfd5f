import { printable } from "../../base/printable.ts";

/** A text as a string of HCL, in which nothing is interpolated. */
export function hclString(text: string): string {
  return `"${printable(text.replace(/["\\]/g, "\\$&").replace(/[$%](?=\{)/g, "$&$&"))}"`;
}
