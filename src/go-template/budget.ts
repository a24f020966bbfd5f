import { TemplateFault } from "./fault.ts";

const MAX_STEPS = 10_000;
/** Of any string and of the output, in bytes. */
export const MAX_BYTES = 65_536;
/** A step pays for this much of a string, so that few steps on long strings take no longer than many on short ones. */
const BYTES_PER_STEP = 64;

/**
 * What one rendering may use: 10,000 steps, strings of 64 KiB. A template is the operator's, but the labels it works on
 * are text of any owner of a service, and no rendering may delay the others.
 */
export class Budget {
  #steps = 0;

  /** Pays for some steps; a whole number, one for each value that is made or looked at. */
  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MAX_STEPS) {
      throw new TemplateFault(`the template takes more than ${MAX_STEPS} steps, which is the limit for one service`);
    }
  }

  /** Pays for a string of so many bytes, before it is made where it could be long. */
  spendBytes(bytes: number): void {
    if (bytes > MAX_BYTES) {
      throw new TemplateFault(`the template makes a string of more than ${MAX_BYTES} bytes, which is the limit`);
    }
    this.spend(Math.ceil(bytes / BYTES_PER_STEP));
  }
}
