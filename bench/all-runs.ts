export interface BenchmarkRun {
  /** Of its file in docs/performance. */
  readonly name: string;
  /** The program of this folder, and its flags; before it, those of Node. */
  readonly args: readonly string[];
  readonly nodeFlags?: readonly string[];
  readonly maxSeconds: number;
}

function main(name: string, maxSeconds: number, flags: string): BenchmarkRun {
  return { name, args: ["main.ts", ...flags.split(" "), "--max-seconds", String(maxSeconds)], maxSeconds };
}

/** As the daemon is started. */
const AS_DAEMON = ["--max-semi-space-size=4"];

const OURS = "--peers floor,portolan --churn 1000";
const ALL = "--peers floor,portolan,traefik,consul-template";
const NOMAD = "--catalog nomad --default-certificate";

/** Everything that docs/performance.md quotes, what matters most first: within 50 minutes, and within 40 as a rule. */
export const ALL_RUNS: readonly BenchmarkRun[] = [
  // What is aimed at.
  main("00100-http", 190, `--services 100 ${ALL} --churn 1000 --changes 15`),
  main("01000-http", 170, `--services 1000 ${OURS} --changes 15`),
  main("05000-http", 230, `--services 5000 ${OURS} --changes 10`),
  main("05000-soon", 140, "--only soon --services 5000 --peers floor,portolan --changes 10"),
  { name: "translate", args: ["translate.ts"], nodeFlags: AS_DAEMON, maxSeconds: 60 },
  main("cold-start", 70, "--only cold-start --services 5000 --changes 3"),
  main("idle", 110, "--only idle --services 1000"),
  main("idle-https", 130, "--only idle --services 1000 --scheme https"),
  main("01000-https", 170, `--services 1000 --scheme https ${OURS} --changes 15`),
  main("05000-https", 230, `--services 5000 --scheme https ${OURS} --changes 10`),
  main("nomad-01000", 100, `${NOMAD} --services 1000 ${OURS} --changes 5`),
  // Beside others.
  main("01000-http-others", 110, `--services 1000 ${ALL} --changes 5`),
  main("05000-http-others", 260, `--services 5000 ${ALL} --changes 3`),
  // What else is promised.
  main("burst", 70, "--only burst --services 1000"),
  main("nomad-deploys", 90, "--only deploys --catalog nomad --throttle 500ms --changes 3"),
  main("nomad-02000", 140, `${NOMAD} --services 2000 --peers floor,portolan,portolan-consul --changes 5`),
  main("nomad-00001", 40, `${NOMAD} --services 1 --instances 1 --changes 10`),
  main("nomad-00025", 45, `${NOMAD} --services 25 --instances 1 --changes 10`),
  main("nomad-00300", 60, `${NOMAD} --services 300 --instances 1 --changes 10`),
  main(
    "nomad-00300-shipped",
    60,
    `${NOMAD} --services 300 --instances 1 --throttle 500ms --peers floor,portolan --changes 10`,
  ),
  { name: "translate-claims", args: ["claims.ts"], maxSeconds: 30 },
  { name: "start", args: ["start.ts"], maxSeconds: 40 },
  { name: "reading", args: ["reading.ts"], maxSeconds: 60 },
  {
    name: "polls-https",
    args: ["polls.ts", "--scheme", "https"],
    nodeFlags: ["--expose-gc", ...AS_DAEMON],
    maxSeconds: 60,
  },
  main("01000-nodes-3", 60, "--services 1000 --nodes 3 --peers floor,portolan --changes 5"),
  main("01000-nodes-500", 70, "--services 1000 --nodes 500 --peers floor,portolan --changes 5"),
  { name: "page", args: ["page.ts"], maxSeconds: 200 },
];

function scale(name: string, maxSeconds: number, flags: string): BenchmarkRun {
  return { name, args: ["scale.ts", ...flags.split(" ")], maxSeconds };
}

/** What large edges cost: quoted as well, and run where they are named, since they take half an hour by themselves. */
export const SCALE_RUNS: readonly BenchmarkRun[] = [
  scale("scale-05000", 700, "--services 5000 --instances 3 --rate 50 --minutes 10"),
  scale("scale-10000", 180, "--services 10000 --instances 2 --rate 10 --minutes 1 --single 3"),
  scale("scale-25000", 300, "--services 25000 --instances 2 --rate 10 --minutes 1 --single 3"),
  scale("scale-25000-https", 300, "--services 25000 --instances 2 --scheme https --rate 10 --minutes 1 --single 3"),
  scale("scale-25000-split", 300, "--services 25000 --instances 2 --edges 2 --rate 10 --minutes 1 --single 4"),
];
