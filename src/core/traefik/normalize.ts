/** A name as Traefik's providers make it from a service's name: runs of letters and numbers, joined with `-`. */
export function normalize(name: string): string {
  return name
    .split(/[^\p{L}\p{N}]+/u)
    .filter((piece) => piece !== "")
    .join("-");
}
