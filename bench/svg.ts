/** A picture for the docs: its frame with the looks that all have, on white and on black, and what is drawn in it. */
export function svg(
  { width, height, title }: { readonly width: number; readonly height: number; readonly title: string },
  drawn: readonly string[],
): string {
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${title}</title>`,
    "<style>",
    "text { font: 13px system-ui, sans-serif; fill: #57606a }",
    ".title { font-weight: 600 }",
    ".grid { stroke: #8b949e; stroke-opacity: 0.3 }",
    "@media (prefers-color-scheme: dark) { text { fill: #b1bac4 } }",
    "</style>",
    ...drawn,
    "</svg>",
  ].join("\n")}\n`;
}
