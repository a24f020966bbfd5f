/** The system's code of a failed operation (`ENOSPC`), undefined for an error that has none. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** The same as a reason in a message. An error's own message is not shown: it repeats the path. */
export function systemReason(error: unknown): string {
  return systemCode(error) ?? "unknown reason";
}
