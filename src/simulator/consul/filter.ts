import { AppError } from "../../base/errors.ts";
import type { CheckRow } from "../state/records.ts";

const STATUS = /^\s*Status\s*(==|!=)\s*(?:"([^"\\]*)"|([a-z]+))\s*$/;

/**
 * The part of Consul's filter language that is needed here: checks compared by their status. Throws AppError with
 * E_SIMULATOR_FILTER for anything else; undefined where nothing is asked; what Consul would accept must not be ignored silently.
 */
export function parseFilter(text: string): ((check: CheckRow) => boolean) | undefined {
  if (text === "") return undefined;
  const [, operator, quoted, bare] = STATUS.exec(text) ?? [];
  if (operator === undefined) {
    throw new AppError(`Failed to create boolean expression evaluator: the embedded catalog cannot read ${text}`, {
      code: "E_SIMULATOR_FILTER",
      retryable: false,
    });
  }
  const status = quoted ?? bare;
  return (check) => (check.Status === status) === (operator === "==");
}
