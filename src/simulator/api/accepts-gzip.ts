import type { CatalogRequest } from "./listener.ts";

/** Consul looks for the word: neither `*` nor `x-gzip` counts, and with a quality of 0 it is a refusal. */
export function acceptsGzip({ headers }: CatalogRequest): boolean {
  return String(headers["accept-encoding"] ?? "")
    .split(",")
    .some((coding) => {
      const [name = "", ...parameters] = coding.split(";").map((part) => part.trim());
      return name.toLowerCase() === "gzip" && !parameters.some((parameter) => /^q=0(\.0*)?$/i.test(parameter));
    });
}
