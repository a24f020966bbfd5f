import { printable } from "../../base/printable.ts";

/** What a spreadsheet takes for the beginning of a formula, full-width forms too. */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
/** The same behind a semicolon, at which a spreadsheet begins a cell where the comma is for decimals: quotes do not keep it in one. */
const FORMULA_BEHIND = /;(?=["\s]*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/**
 * Rows by RFC 4180. A cell that a spreadsheet would calculate gets an apostrophe in front, as OWASP advises: names in a catalog
 * are not to be trusted. Ten lines of our own in place of a package: the rule for quotes is one, and a writer needs no parser.
 */
export function csv(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, ...rows].map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("");
}

function csvCell(text: string): string {
  const begun = FORMULA.test(text) ? `'${text}` : text;
  const inert = begun.replace(FORMULA_BEHIND, ";'");
  const shown = printable(inert);
  return /[",]|^\s|\s$/.test(shown) ? `"${shown.replace(/"/g, '""')}"` : shown;
}
