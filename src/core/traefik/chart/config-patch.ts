import { copyOnWrite } from "../../incremental/copy-on-write-map.ts";
import { type ConfigObject, type DynamicConfig, SECTIONS, type Section, sectionsMade } from "./dynamic-config.ts";

/** Changes to a configuration, which itself stays as it is. */
export interface ConfigPatch {
  /** With the changes so far. */
  get(section: Section, name: string): ConfigObject | undefined;
  put(section: Section, name: string, object: ConfigObject): void;
  drop(section: Section, name: string): void;
  /** The configuration with the changes so far, the very one where there are none: its own maps wherever nothing in a section has changed. */
  result(): DynamicConfig;
}

/** Copies the sections that change, and no others. */
export function patchConfig(config: DynamicConfig): ConfigPatch {
  const patches = sectionsMade((section) => copyOnWrite(config[section]));
  return {
    get: (section, name) => patches[section].get(name),
    put: (section, name, object) => patches[section].put(name, object),
    drop: (section, name) => patches[section].put(name, undefined),
    result() {
      const result = sectionsMade((section) => patches[section].result());
      return SECTIONS.every((section) => result[section] === config[section]) ? config : result;
    },
  };
}
