import type { Stage } from "../trials/stage/stage.ts";
import type { Trial } from "../trials/trial.ts";

/** The same attack, and portolan is killed and started again while it is on: what it stored must not give way either. */
export function overRestart(attack: Trial): Trial {
  return {
    ...attack,
    name: `${attack.name}, over a restart`,
    portolanOnly: true,
    async begin(stage: Stage) {
      await attack.begin(stage);
      await stage.killPortolan();
      await stage.startPortolan();
    },
  };
}

/** The same attack on a stage that has this policy, as it would stand in its file. */
export function underPolicy(attack: Trial, policy: string): Trial {
  const { settings, files } = attack.stage ?? {};
  return {
    ...attack,
    name: `${attack.name}, under a policy`,
    portolanOnly: true,
    stage: {
      ...attack.stage,
      settings: (ground) => ({ ...settings?.(ground), policy: "policy.yml" }),
      files: (ground) => ({ ...files?.(ground), "policy.yml": policy }),
    },
  };
}

/** The same attack by who may submit jobs to Nomad, whose own services are charted in place of Consul's. */
export function byNomad(attack: Trial): Trial {
  return { ...attack, name: `${attack.name}, by Nomad`, stage: { ...attack.stage, product: "nomad" } };
}
