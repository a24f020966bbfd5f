/**
 * Whether text on the stream may have colours: a terminal that has them, and a user who does not refuse them by a variable
 * NO_COLOR that is not empty (https://no-color.org).
 */
export function wantsColour(
  stream: { readonly isTTY?: boolean | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && (environment["NO_COLOR"] ?? "") === "" && environment["TERM"] !== "dumb";
}
