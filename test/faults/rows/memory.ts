import { chmod, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ControlGroup, lacksControlGroups, makeControlGroup } from "../../support/control-group.ts";
import type { PortolanProcess } from "../../support/portolan-process.ts";
import type { Stage } from "../../trials/stage/stage.ts";
import { register, tagsOf } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";

const MAIN = join(import.meta.dirname, "../../../dist/main.js");

/** As the job for Nomad reserves. */
const SMALL_MIB = 192;
/** Of each service that lets the catalog grow: more than most have, so that fewer are needed. */
const ROUTERS = 20;
/** No dynamic one: portolan has all of the service to remember and to tell why it is left out, and Traefik no thousands of routers to load. */
const STATIC_PORT = 8_081;
/** By then it must have ended. */
const MOST_SERVICES = 6_000;
const AT_ONCE = 8;
/** How often an operator does what the log says, at most: each time there is half as much again. */
const REMEDIES = 4;

/** The group of each stage, by its directory. */
const groups = new Map<string, ControlGroup>();

function groupOf({ root }: Pick<Stage, "root">): ControlGroup {
  const group = groups.get(root);
  if (group === undefined) throw new Error(`no control group for ${root}`);
  return group;
}

function prepareGroup(root: string): () => void {
  const group = makeControlGroup(basename(root));
  groups.set(root, group);
  return () => {
    groups.delete(root);
    group.remove();
  };
}

/** Starts portolan in the group by its own first line, as a container's engine, Nomad or systemd would. */
async function startInGroup(stage: Stage, mib: number): Promise<PortolanProcess> {
  const group = groupOf(stage);
  group.limit(mib);
  const program = join(stage.root, "in-group.sh");
  await writeFile(program, `#!/bin/sh\necho $$ > ${group.processes}\nexec ${MAIN} "$@"\n`);
  await chmod(program, 0o755);
  const PATH = `${dirname(process.execPath)}:${process.env["PATH"]}`;
  return stage.startPortolan({ program, environment: { PATH } });
}

/** Until it ends; throws where it ended in another way than by V8's words, and those after its own. */
async function endsByItsLimit(one: PortolanProcess): Promise<void> {
  const end = await one.ended();
  const log = one.log();
  const words = log.indexOf("JavaScript heap out of memory");
  if (end !== "SIGABRT" && end !== 134) throw new Error(`ended with ${end}, not by the limit of its heap`);
  if (words < 0) throw new Error("ended without words");
  const warned = log.indexOf('"memory.short"');
  if (warned < 0 || warned > words) throw new Error("was not told before the end that memory is short");
}

function manyRouters(service: string): readonly string[] {
  return Array.from({ length: ROUTERS }, (_, number) => tagsOf(`${service}-${number}`)).flat();
}

/** Lets the catalog grow until portolan has ended. */
async function outgrow(stage: Stage, one: PortolanProcess): Promise<void> {
  let hasEnded = false;
  const ended = one.ended().then(() => {
    hasEnded = true;
  });
  for (let number = 0; !hasEnded; number += AT_ONCE) {
    if (number >= MOST_SERVICES) throw new Error(`lives with ${number} services in ${SMALL_MIB} MiB`);
    const more = Array.from({ length: AT_ONCE }, (_, one) => `more-${number + one}`);
    // Nearer to its end portolan is slower, and shall be asked to know no more than what ends it.
    if (one.log().includes('"memory.short"')) await sleep(200);
    await Promise.all(
      more.map((service) => register(stage.catalog, { service, port: STATIC_PORT, tags: manyRouters(service) })),
    );
  }
  await ended;
}

/** The limit that the last warning names as enough, in MiB. */
function remedyOf(one: PortolanProcess): number {
  const warning = one.events().findLast(({ event }) => event === "memory.short");
  const [, mib] = /docker update --memory (\d+)m /.exec(String(warning?.["remedy"])) ?? [];
  if (mib === undefined) throw new Error(`no remedy in ${JSON.stringify(warning)}`);
  return Number(mib);
}

async function isReady({ url }: PortolanProcess): Promise<boolean> {
  return await fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Does what the log says, once more where it says so again, until portolan is ready. */
async function applyRemedies(stage: Stage): Promise<void> {
  for (let time = 0; time < REMEDIES; time += 1) {
    const one = await startInGroup(stage, remedyOf(stage.portolan));
    let end: number | NodeJS.Signals | undefined;
    void one.ended().then((how) => {
      end = how;
    });
    while (end === undefined) {
      if (await isReady(one)) return;
      await sleep(100);
    }
    await endsByItsLimit(one);
  }
  throw new Error(`does not live after the remedy was applied ${REMEDIES} times`);
}

export const MEMORY_ROWS: readonly Trial[] = [
  {
    name: "memory: the catalog outgrows the container",
    portolanOnly: true,
    lacks: lacksControlGroups,
    stage: { prepare: prepareGroup, isDirect: true },
    async begin(stage) {
      await stage.killPortolan();
      const one = await startInGroup(stage, SMALL_MIB);
      await outgrow(stage, one);
      await endsByItsLimit(one);
      // As a supervisor would: the same limit, the same end, and the same words.
      await endsByItsLimit(await startInGroup(stage, SMALL_MIB));
    },
    end: applyRemedies,
    // It has a large catalog to read.
    newsWithinMs: 20_000,
    // Thousands of services are left out: 1,000 are told one by one.
    mostLogLines: 2_000,
    tells: ["memory.short", "diagnostic.untold"],
  },
];
