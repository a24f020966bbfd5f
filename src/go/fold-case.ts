/**
 * The same text for all spellings that Go's `strings.EqualFold` holds equal, which is how Traefik compares field names
 * and the names of siblings: `Rule` is `rule`, and `ſervice` is `service`.
 */
export function foldCase(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7f) return Array.from(text, foldCharacter).join("");
  }
  return text.toLowerCase();
}

/** Only one-to-one mappings count. The dotless ı is no spelling of i, although JavaScript capitalises it to I. */
function foldCharacter(character: string): string {
  if (character === "ı") return character;
  const upper = oneToOne(character, character.toUpperCase());
  return oneToOne(upper, upper.toLowerCase());
}

function oneToOne(character: string, mapped: string): string {
  return Array.from(mapped).length === 1 ? mapped : character;
}
