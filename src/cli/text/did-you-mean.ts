import { nearest } from "../../base/nearest.ts";
import { quoted } from "./quoted.ts";

/**
 * The part of a message that proposes what the user probably meant, `; did you mean "web-shop"?`; empty where nothing is near.
 * For whatever is asked for by name: commands, flags, services, hosts, routers.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const found = nearest(word, candidates);
  return found === undefined ? "" : `; did you mean ${quoted(found)}?`;
}
