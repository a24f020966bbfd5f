export interface BenchmarkRun {
  /** Of its file in docs/performance. */
  readonly name: string;
  /** The program of this folder, and its flags. */
  readonly args: readonly string[];
  readonly maxSeconds: number;
}

function main(name: string, maxSeconds: number, flags: string): BenchmarkRun {
  return { name, args: ["main.ts", ...flags.split(" "), "--max-seconds", String(maxSeconds)], maxSeconds };
}

const OURS = "--peers floor,portolan --changes 20";
// A change of theirs takes seconds, and differs little from the next.
const OTHERS = "--peers traefik,consul-template --changes 5";

/** Everything that docs/performance.md quotes: 36 minutes at most. */
export const ALL_RUNS: readonly BenchmarkRun[] = [
  main("00100-http", 180, "--services 100 --peers floor,portolan,traefik,consul-template --changes 20"),
  main("01000-http", 140, `--services 1000 ${OURS}`),
  main("01000-http-others", 60, `--services 1000 ${OTHERS}`),
  main("01000-https", 140, `--services 1000 --scheme https ${OURS}`),
  main("01000-nodes-3", 45, "--services 1000 --nodes 3 --peers floor,portolan --changes 5"),
  main("01000-nodes-500", 55, "--services 1000 --nodes 500 --peers floor,portolan --changes 5"),
  main("05000-http", 190, `--services 5000 ${OURS}`),
  main("05000-http-others", 130, "--services 5000 --peers traefik,consul-template --changes 3"),
  main("05000-https", 190, `--services 5000 --scheme https ${OURS}`),
  main("25000-embedded", 100, "--services 25000 --instances 2 --catalog embedded --peers floor,portolan --changes 2"),
  main("nomad-00001", 30, "--catalog nomad --services 1 --instances 1 --default-certificate --changes 10"),
  main("nomad-00025", 35, "--catalog nomad --services 25 --instances 1 --default-certificate --changes 10"),
  main("nomad-00300", 50, "--catalog nomad --services 300 --instances 1 --default-certificate --changes 10"),
  main(
    "nomad-02000",
    150,
    "--catalog nomad --services 2000 --default-certificate --peers floor,portolan,portolan-consul --changes 5",
  ),
  main(
    "nomad-00300-shipped",
    50,
    "--catalog nomad --services 300 --instances 1 --default-certificate --throttle 500ms --peers floor,portolan --changes 10",
  ),
  main("nomad-deploys", 75, "--only deploys --catalog nomad --throttle 500ms --changes 3"),
  main("cold-start", 65, "--only cold-start --services 5000 --changes 3"),
  main("idle", 110, "--only idle --services 1000"),
  main("burst", 60, "--only burst --services 1000"),
  { name: "translate", args: ["translate.ts"], maxSeconds: 40 },
  { name: "translate-claims", args: ["claims.ts"], maxSeconds: 20 },
  { name: "start", args: ["start.ts"], maxSeconds: 30 },
  { name: "page", args: ["page.ts"], maxSeconds: 215 },
];
