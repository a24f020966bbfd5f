const ENVIRONMENT = "it reads the environment, where secrets are";
const CLOCK = "it depends on the time, so that the chart would change although the catalog has not";
const RANDOM = "it depends on chance, so that the chart would change although the catalog has not";
const NETWORK = "it asks the network";
const SECRETS = "it makes or handles secrets, which do not belong into a rule";
const NEEDLESS = "rules have not needed it";

const REASONS: readonly (readonly [reason: string, names: string])[] = [
  [ENVIRONMENT, "env expandenv"],
  [NETWORK, "getHostByName"],
  [
    CLOCK,
    "ago date date_in_zone date_modify dateInZone dateModify duration durationRound htmlDate htmlDateInZone must_date_modify mustDateModify mustToDate now toDate unixEpoch",
  ],
  [RANDOM, "randAlpha randAlphaNum randAscii randBytes randInt randNumeric shuffle uuidv4"],
  [
    SECRETS,
    "bcrypt buildCustomCert decryptAES derivePassword encryptAES genCA genCAWithKey genPrivateKey genSelfSignedCert genSelfSignedCertWithKey genSignedCert genSignedCertWithKey htpasswd",
  ],
  [
    NEEDLESS,
    "add1f addf adler32sum call deepCopy divf fromJson hello merge mergeOverwrite mulf mustDeepCopy mustFromJson mustMerge mustMergeOverwrite mustToJson mustToPrettyJson mustToRawJson osBase osClean osDir osExt osIsAbs semver semverCompare sha1sum sha256sum subf toJson toPrettyJson toRawJson urlJoin urlParse",
  ],
];

/** Functions that Traefik has in the default rule and that are refused here, each with the reason. */
export const LEFT_OUT: ReadonlyMap<string, string> = new Map(
  REASONS.flatMap(([reason, names]) => names.split(" ").map((name): [string, string] => [name, reason])),
);
