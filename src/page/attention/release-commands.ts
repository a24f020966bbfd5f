import { shellOperand } from "../../core/diagnostics/shell-word.ts";

/** A line to copy, and what it is: "the command". */
export interface ToCopy {
  readonly what: string;
  readonly text: string;
}

/** Without a router's name it ends all that an operator can end, of every chart. */
export const RELEASE_ALL: ToCopy = {
  what: "the command that ends all holds and rollbacks",
  text: "portolan release",
};

/** What must be known before a rollback is ended by it. */
export const ENDS_HOLDS_TOO = "The release ends what is held in every chart, too.";

/** Ends what holds one router, and nothing else. */
export function releaseOf(router: string): ToCopy {
  return { what: "the command for one router", text: `portolan release ${shellOperand(router)}` };
}
