import { badSettings } from "./bad-settings.ts";
import {
  DEFAULT_LISTEN,
  LISTEN_ADDRESS_ALLOWED,
  type ListenAddress,
  parseListenAddress,
} from "./files/listen-address.ts";
import { findSettingsFile } from "./files/settings-file.ts";

/** Where a portolan that runs is reached. */
export interface DaemonPlace {
  /** Of its listener. */
  readonly listen: ListenAddress;
  /** Where its control socket is; undefined where neither flag nor file names it. */
  readonly stateDir: string | undefined;
}

/**
 * Where the portolan is that runs with these flags, of which `listen` and `state-dir` count, and with the settings file that
 * flags and environment name (`findSettingsFile`). The rest of that file is not looked at: the daemon has read it when it
 * started, and a mistake that was made in it since must not keep an operator from asking. Throws AppError (exit code 78)
 * where the file cannot be read or says something else of these two.
 */
export async function daemonPlace(
  flags: Readonly<Record<string, string | undefined>>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<DaemonPlace> {
  const found = await findSettingsFile(flags, environment);
  const path = found?.path;
  // Loaded on demand: without a file no parser of YAML is needed, and an operator waits for the command.
  const file = found === undefined ? {} : await (await import("./read-yaml.ts")).readSettingsFile(found);
  const [listen, listenOrigin] = textOf(flags, file, "listen", "listen", path);
  const [stateDir] = textOf(flags, file, "state-dir", "stateDir", path);
  const address = parseListenAddress(listen ?? DEFAULT_LISTEN);
  if (address === undefined) {
    throw badSettings(`listen: found ${JSON.stringify(listen)}; ${LISTEN_ADDRESS_ALLOWED} (${listenOrigin})`);
  }
  return { listen: address, stateDir };
}

/** The text of a flag, else of a key of the file, and where it was found. */
function textOf(
  flags: Readonly<Record<string, string | undefined>>,
  file: unknown,
  flag: string,
  key: string,
  path: string | undefined,
): readonly [text: string | undefined, origin: string] {
  const ofFlag = flags[flag];
  if (ofFlag !== undefined) return [ofFlag, `flag --${flag}`];
  const found: unknown = typeof file === "object" && file !== null ? Reflect.get(file, key) : undefined;
  if (found === undefined || typeof found === "string") return [found, path ?? ""];
  throw badSettings(`${key}: found ${JSON.stringify(found)}; a text is allowed (${path})`);
}
