/** A beginning of so few characters does not help to guess the rest of a token. */
const HARMLESS_LENGTH = 7;

/** Blots out the token, and the beginning of it where a text was cut in its midst. */
export function hideToken(text: string, token: string): string {
  if (token === "") return text;
  let hidden = text.replaceAll(token, "[token]");
  for (let length = token.length - 1; length > HARMLESS_LENGTH; length -= 1) {
    hidden = hidden.replaceAll(token.slice(0, length), "[token]");
  }
  return hidden;
}
