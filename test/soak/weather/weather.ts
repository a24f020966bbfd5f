import type { PathPattern } from "../../../src/simulator/api/path-pattern.ts";
import { ACTIONS, type Action, ARRIVAL, DEPARTURE, firstNodes } from "./actions.ts";
import { type Census, createCensus, instancesOf, type Scale, SMALL } from "./census.ts";
import type { Dice } from "./dice.ts";
import { PATHS, SPELLS, type Spell } from "./spells.ts";
import type { Write } from "./writes.ts";

/** One thing that happens in a round. A round is data, so that it can be printed and repeated. */
export type Step =
  | { readonly kind: "act"; readonly name: string; readonly writes: readonly Write[] }
  | { readonly kind: "pause"; readonly forMs: number }
  | { readonly kind: "begin" | "end"; readonly spell: Spell; readonly patterns: readonly PathPattern[] }
  /** The catalog's servers restart; what `keeps` says becomes of the data. */
  | { readonly kind: "restart" };

/** What can happen to a catalog. */
export interface Climate {
  /** With `all` there are also hidden changes. */
  readonly spells: "none" | "open" | "all";
  /** Whether a restarted catalog still has its data. */
  readonly keepsData: boolean;
  /** Many services and, without a pause, some ten changes a second: so many that a complete read goes node by node. */
  readonly isCrowded: boolean;
}

/** In a short round nothing hides what another action has lost. */
const MOST_ACTIONS = [4, 60];
/** A judge takes seconds for a large world, so that more happens from moment to moment. */
const MOST_ACTIONS_OF_MANY = [40, 400];
/** Missing instances from which on nearly every action is an arrival: a node that is lost takes many with it. */
const MANY_MISSING = 50;
/** Far apart, so that strategies are outgrown both ways. */
const POPULATIONS = [5, 20, 40, 60];
const CROWDS = [120, 160, 200];
const BETWEEN_CHANGES_OF_A_CROWD_MS = 100;
const PAUSES_MS = [0, 0, 0, 0, 0, 0, 10, 30, 100, 250];

/** The first round of a catalog that has nothing: nodes, and instances on them. */
export function firstRound(
  dice: Dice,
  scale: Scale = SMALL,
): { readonly census: Census; readonly steps: readonly Step[] } {
  const census = createCensus(scale);
  const steps: Step[] = [{ kind: "act", name: "the first nodes join", writes: firstNodes(census, dice) }];
  const arrivals = scale.services === undefined ? 20 : census.population;
  for (let count = 0; count < arrivals; count += 1) steps.push(...act(ARRIVAL, census, dice));
  return { census, steps };
}

/** The next round: the census is changed as the catalog will be by the steps. Ends without a spell. */
export function nextRound(census: Census, dice: Dice, climate: Climate): readonly Step[] {
  const steps: Step[] = [];
  const isLarge = census.scale.services !== undefined;
  if (!isLarge && (climate.isCrowded !== CROWDS.includes(census.population) || dice.percent(30))) {
    census.population = dice.pick(climate.isCrowded ? CROWDS : POPULATIONS);
  }
  let left = 1 + dice.below(dice.pick(isLarge ? MOST_ACTIONS_OF_MANY : MOST_ACTIONS));
  while (left > 0) {
    const some = 1 + dice.below(left);
    const actions = Array.from({ length: some }, () => happening(census, dice, climate)).flat();
    steps.push(...(dice.percent(60) ? duringSpell(actions, dice, climate) : actions));
    left -= some;
  }
  if (mayRestart(climate) && dice.percent(8)) steps.push(...restart(census, dice, climate));
  return steps;
}

function happening(census: Census, dice: Dice, climate: Climate): readonly Step[] {
  const steps = act(chooseAction(census, dice, climate), census, dice);
  const forMs = climate.isCrowded ? pauseInCrowd(census) : dice.pick(PAUSES_MS);
  return forMs === 0 ? steps : [...steps, { kind: "pause", forMs }];
}

/** None until the crowd is there. */
function pauseInCrowd(census: Census): number {
  return instancesOf(census).length < census.population / 2 ? 0 : BETWEEN_CHANGES_OF_A_CROWD_MS;
}

function chooseAction(census: Census, dice: Dice, { spells }: Climate): Action {
  const missing = census.population - instancesOf(census).length;
  const moves = missing > MANY_MISSING ? 85 : Math.abs(missing) > 5 ? 50 : 20;
  if (dice.percent(moves)) return dice.percent(missing > 0 ? 90 : 10) ? ARRIVAL : DEPARTURE;
  const possible = ACTIONS.filter(({ isHidden }) => spells === "all" || isHidden !== true);
  return dice.pick(possible.flatMap((action) => Array.from({ length: action.weight }, () => action)));
}

function act(action: Action, census: Census, dice: Dice): readonly Step[] {
  const writes = action.act(census, dice) ?? [];
  return writes.length === 0 ? [] : [{ kind: "act", name: action.name, writes }];
}

/** A spell that lasts so long that a client that asks now and then meets it. */
function duringSpell(actions: readonly Step[], dice: Dice, { spells }: Climate): readonly Step[] {
  const possible = SPELLS.filter(({ kind }) => spells === "all" || spells === kind);
  if (possible.length === 0) return actions;
  const spell = dice.pick(possible);
  const patterns = spell.isLocal ? [...new Set([dice.pick(PATHS), dice.pick(PATHS)])] : [];
  const pause: Step = { kind: "pause", forMs: 100 + dice.below(900) };
  return [{ kind: "begin", spell, patterns }, ...actions, pause, { kind: "end", spell, patterns }];
}

function mayRestart({ spells }: Climate): boolean {
  return spells === "all" || spells === "open";
}

/** Without its data the catalog is filled again from nothing, as agents do that find their services gone. */
function restart(census: Census, dice: Dice, climate: Climate): readonly Step[] {
  const steps: Step[] = [{ kind: "restart" }];
  if (climate.keepsData) return steps;
  census.nodes.clear();
  census.services.clear();
  steps.push({ kind: "act", name: "the first nodes join", writes: firstNodes(census, dice) });
  if (census.scale.services !== undefined) {
    for (let count = 0; count < census.population; count += 1) steps.push(...act(ARRIVAL, census, dice));
  }
  for (let count = 0; count < 10; count += 1) steps.push(...happening(census, dice, climate));
  return steps;
}
