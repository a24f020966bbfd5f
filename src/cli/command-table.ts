import { checkPolicyCommand } from "./commands/check-policy.ts";
import { checkTagsCommand } from "./commands/check-tags.ts";
import { demoCommand } from "./commands/demo.ts";
import { onceCommand } from "./commands/once.ts";
import { runCommand } from "./commands/run.ts";
import { versionCommand } from "./commands/version.ts";
import type { Command } from "./program.ts";

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  runCommand,
  onceCommand,
  checkTagsCommand,
  checkPolicyCommand,
  demoCommand,
  versionCommand,
];
