/**
 * Exit codes are a promise to unit files and job specifications. They follow sysexits(3) where it has a meaning, so that
 * a supervisor can distinguish "correct the settings" (78) from "try again" (69, 75).
 */
export const EXIT_CODES = {
  ok: 0,
  failure: 1,
  changes: 2,
  usage: 64,
  unavailable: 69,
  internal: 70,
  cannotWrite: 73,
  held: 75,
  badSettings: 78,
} as const;

/** What each exit code means; docs/commands.md is made from this. */
export const EXIT_CODE_DOCS: Readonly<Record<keyof typeof EXIT_CODES, string>> = {
  ok: "done",
  failure: "what was asked about is not as it should be, or it failed for a reason that has no code of its own",
  changes: "`plan`: something would change; `compare`: something differs",
  usage: "the command line has an unknown word, or lacks one",
  unavailable: "what is asked does not answer: the catalog, Nomad, the portolan that runs; or an address is taken",
  internal: "a defect of portolan; the chart stays as it is",
  cannotWrite: "the chart could not be written; the old one stays",
  held: "a removal is still held, or an earlier chart is since a rollback; the chart keeps those routes",
  badSettings:
    "the settings or a file that they name have problems, the output can never reach Traefik, or Node.js is too old; restarting will not help",
};

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

export interface AppErrorOptions {
  /** `E_AREA_PROBLEM`: stable, for scripts and searches. */
  readonly code: string;
  /** Whether the same call may succeed later without a change by the operator. Decides between retry and exit. */
  readonly retryable: boolean;
  readonly exitCode?: ExitCode;
  /** Never a library's error object: those of HTTP clients carry the request with its token. */
  readonly cause?: AppError;
}

/**
 * Something is wrong with portolan or its surroundings (disk, network, settings), as opposed to a Diagnostic, which says that
 * data in a catalog is wrong. The message names what was found, where, what is allowed and the remedy.
 */
export class AppError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly exitCode: ExitCode;

  constructor(message: string, options: AppErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = options.code;
    this.retryable = options.retryable;
    this.exitCode = options.exitCode ?? EXIT_CODES.failure;
  }
}
