import { AppError } from "../../base/errors.ts";

/** As Consul says it for a token that was deleted, has expired or never was. */
export function unknownToken(): AppError {
  return new AppError("ACL not found", { code: "E_SIMULATOR_TOKEN", retryable: false });
}
