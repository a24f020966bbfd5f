import { AppError, EXIT_CODES } from "../../base/errors.ts";
import { readInput } from "../../base/input-file.ts";
import { inputTitle } from "../../base/input-title.ts";
import type { ObservedPort } from "../../core/ports/observed-port.ts";
import { readObservedServices } from "../../sources/kubernetes/observed-services.ts";

/** A cluster of ten thousand services prints a third of it. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * What was observed beside the catalogs, of the file that `--observed` names; `-` is standard input. Throws AppError (exit
 * code 78) where it cannot be read or is no list of services.
 */
export async function readObserved(file: string): Promise<readonly ObservedPort[]> {
  const read = await readInput(file, { mostBytes: MOST_BYTES });
  if (read.kind === "unreadable") {
    throw unusable(file, `cannot be read (${read.reason}); give it what this prints: kubectl get svc -A -o json`);
  }
  const found = readObservedServices(read.text);
  if (found.kind === "refused") throw unusable(file, found.reason);
  return found.ports;
}

function unusable(file: string, reason: string): AppError {
  return new AppError(`--observed ${inputTitle(file)}: ${reason}`, {
    ...{ code: "E_OBSERVED", retryable: false, exitCode: EXIT_CODES.badSettings },
  });
}
