/** A name as Traefik's providers make it from a service's name: runs of letters and numbers, joined with `-`. */
export function normalize(name: string): string {
  if (IS_NORMAL.test(name)) return name;
  return name
    .split(/[^\p{L}\p{N}]+/u)
    .filter((piece) => piece !== "")
    .join("-");
}

/** As most names are. */
const IS_NORMAL = /^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$/;
