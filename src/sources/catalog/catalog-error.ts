import { AppError, EXIT_CODES } from "../../base/errors.ts";

/** What went wrong between us and a catalog; docs/troubleshooting.md explains each to the operator. */
export type CatalogErrorCode =
  | "E_CATALOG_UNREACHABLE"
  | "E_CATALOG_TIMEOUT"
  | "E_CATALOG_CUT"
  | "E_CATALOG_TOO_LARGE"
  | "E_CATALOG_DENIED"
  | "E_CATALOG_SETTING"
  | "E_CATALOG_LOGIN"
  | "E_CATALOG_BUSY"
  | "E_CATALOG_STALE"
  | "E_CATALOG_STATUS"
  | "E_CATALOG_NOT_JSON"
  | "E_CATALOG_SHAPE"
  | "E_CATALOG_NO_INDEX"
  | "E_CATALOG_ABORTED";

const OUTAGES: readonly CatalogErrorCode[] = ["E_CATALOG_UNREACHABLE", "E_CATALOG_TIMEOUT", "E_CATALOG_BUSY"];

/**
 * A failed read of a catalog. Made at the client's boundary from what the HTTP library threw, and without it: the
 * library's own errors carry the request with its token.
 */
export class CatalogError extends AppError {
  readonly catalogCode: CatalogErrorCode;
  /** What the catalog asked us to wait (429 with Retry-After), in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The request got no connection, as where there are too many from this address. */
  readonly isRefusal: boolean;
  /** Others were answered at the same time: connections are short, and the catalog is there. */
  readonly isShortage: boolean;
  /** There is no such thing, says the catalog (status 404). */
  readonly isMissing: boolean;

  constructor(
    code: CatalogErrorCode,
    message: string,
    retryAfterMs?: number,
    {
      isRefusal = false,
      isShortage = false,
      isMissing = false,
    }: Partial<Pick<CatalogError, "isRefusal" | "isShortage" | "isMissing">> = {},
  ) {
    super(message, { code, retryable: true, exitCode: EXIT_CODES.unavailable });
    this.name = "CatalogError";
    this.catalogCode = code;
    this.retryAfterMs = retryAfterMs;
    this.isRefusal = isRefusal;
    this.isShortage = isShortage;
    this.isMissing = isMissing;
  }

  /** The same failure in other words. */
  reworded(message: string): CatalogError {
    return new CatalogError(this.catalogCode, message, this.retryAfterMs, this);
  }

  /** The catalog as a whole did not answer, or has too many queries already: one tries again, the others wait for it. */
  get isOutage(): boolean {
    return OUTAGES.includes(this.catalogCode) && !this.isShortage;
  }
}

/** Consul answers 200 and an empty list where a token may read a service and not the nodes that its instances are on. */
export function unreadable(what: string): CatalogError {
  return new CatalogError(
    "E_CATALOG_DENIED",
    `${what}: listed, and reading it brings no instance; the token may not read nodes: it needs node_prefix "" { policy = "read" }`,
  );
}
