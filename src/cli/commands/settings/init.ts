import { writeNewFile } from "../../../app/process/new-file.ts";
import { EXIT_CODES } from "../../../base/errors.ts";
import { printableLines } from "../../../base/printable.ts";
import { firstSettings } from "../../../config/written/first-settings.ts";
import { type Command, usageError } from "../../command-line/command-line.ts";
import { SETTINGS_FLAGS } from "../../command-line/flags.ts";
import { TRAEFIK_API_FLAGS, TRAEFIK_API_SETTING, traefikApiFrom } from "../moving/traefik-flags.ts";

const DEFAULT_FILE = "portolan.yml";
const TAKEN = ["consul-addr", "nomad-addr", "output", "state-dir"];

export const settingsInitCommand: Command = {
  name: "settings init",
  summary: "write a first settings file, with what Consul, Nomad and Traefik say",
  help: [
    "Asks Consul, Nomad and Traefik's API at their usual addresses on this machine, or where flags and variables say, and writes a",
    "commented file (default portolan.yml; - is standard output): the ports that Nomad hands out, Traefik's version and entry points. What did not",
    "answer is a comment. A file that is there stays. From a Traefik with its own catalog provider: portolan migrate.",
  ].join("\n"),
  operands: "[FILE]",
  flags: [...SETTINGS_FLAGS.filter(({ name }) => TAKEN.includes(name)), ...TRAEFIK_API_FLAGS],
  exitCodes: {
    0: "written",
    73: "the file cannot be written, or is there already",
    78: "an address or a variable is none",
  },
  async run(flags, [file = DEFAULT_FILE, ...others]) {
    if (others.length > 0) throw usageError(`settings init: name one file, for example ${DEFAULT_FILE}`);
    const traefik = traefikApiFrom({ "traefik-api": "http://127.0.0.1:8080", ...flags }, "settings init");
    if (traefik === undefined) throw usageError("settings init: --traefik-api: name an address");
    const asked = Object.fromEntries(Object.entries(flags).filter(([name]) => TAKEN.includes(name)));
    // Loaded to run, and not for the page of help.
    const { askSurroundings } = await import("../../../app/surroundings/surroundings.ts");
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
  },
};
