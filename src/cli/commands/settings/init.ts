import { writeNewFile } from "../../../app/process/new-file.ts";
import { askSurroundings } from "../../../app/surroundings/surroundings.ts";
import { EXIT_CODES } from "../../../base/errors.ts";
import { printableLines } from "../../../base/printable.ts";
import { firstSettings } from "../../../config/written/first-settings.ts";
import { type FlagValues, usageError } from "../../command-line/command-line.ts";
import { TRAEFIK_API_SETTING, traefikApiFrom } from "../moving/traefik-flags.ts";

const DEFAULT_FILE = "portolan.yml";
const TAKEN = ["consul-addr", "nomad-addr", "output", "state-dir"];

/** Does what `settingsInitCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues, [file = DEFAULT_FILE, ...others]: readonly string[]): Promise<number> {
  if (others.length > 0) throw usageError(`settings init: name one file, for example ${DEFAULT_FILE}`);
  const traefik = traefikApiFrom({ "traefik-api": "http://127.0.0.1:8080", ...flags }, "settings init");
  if (traefik === undefined) throw usageError("settings init: --traefik-api: name an address");
  const asked = Object.fromEntries(Object.entries(flags).filter(([name]) => TAKEN.includes(name)));
  const found = await askSurroundings({
    ...{ flags: asked, environment: process.env },
    ...{ traefik, traefikSetting: TRAEFIK_API_SETTING },
  });
  const text = firstSettings(found);
  const untold = [found.consul, found.nomad, found.traefik].flatMap(({ told }) =>
    told.kind === "untold" ? [`portolan: ${printableLines(told.why)}\n`] : [],
  );
  if (file === "-") process.stdout.write(text);
  else await writeNewFile(file, text, 0o640);
  const next =
    file === "-"
      ? []
      : [
          `portolan: wrote ${printableLines(file)}; look through it, then: portolan plan --settings ${printableLines(file)}\n`,
        ];
  process.stderr.write([...untold, ...next].join(""));
  return EXIT_CODES.ok;
}
