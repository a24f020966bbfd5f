/** Tags as a job of Nomad's has them, to be copied. */
export function jobTags(tags: readonly string[]): string {
  const lines = tags.map((tag) => `  ${hclText(tag)},\n`).join("");
  return `tags = [\n${lines}]\n`;
}

/** A text in HCL: `${` and `%{` would be templates. */
function hclText(text: string): string {
  return JSON.stringify(text).replace(/[$%](?=\{)/g, "$&$&");
}
