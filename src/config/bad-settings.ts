import { AppError, EXIT_CODES } from "../base/errors.ts";

/** What an operator wrote is not allowed: exit code 78. */
export function badSettings(message: string): AppError {
  return new AppError(message, { code: "E_SETTINGS", retryable: false, exitCode: EXIT_CODES.badSettings });
}
