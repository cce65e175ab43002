import { FIELDS } from "../../events/fields.ts";
import { allResourceWords } from "../../events/resource-names.ts";
import { ENGLISH } from "./english.ts";
import { FIELDS_OF_OBJECTS } from "./fields.ts";

/** What words of a log are everybody's: the API's and the language's. */

const english = listed(ENGLISH);
const fields = listed(FIELDS_OF_OBJECTS);
const resources = new Set(allResourceWords());
const verbs = new Set(FIELDS.find(({ id }) => id === "verb")?.words ?? []);
/** Resources that have no short word of their own. */
const OTHER_RESOURCES = listed(
  "devicetaintrules podcertificaterequests clustertrustbundles storageversions storageversionmigrations podgroups workloads DeviceTaintRule PodCertificateRequest ClusterTrustBundle StorageVersion StorageVersionMigration PodGroup Workload audit.k8s.io internal.apiserver.k8s.io storagemigration.k8s.io meta.k8s.io Status Table PartialObjectMetadata PartialObjectMetadataList Scale Eviction DeleteOptions TokenRequest PodList APIGroupDiscoveryList EventList List AdmissionReview",
);
const SUBRESOURCES = listed(
  "status scale exec attach portforward proxy log eviction binding token approval finalize finalizers ephemeralcontainers resize",
);
/** Of JSON patches and other values that say what is done. */
const OPERATIONS = listed(
  "add remove replace move copy test true false http https tcp udp sctp allow forbid bind escalate impersonate approve sign attest use nominate",
);
/** Linux capabilities that containers ask for or drop. */
const CAPABILITIES = listed(
  "ALL AUDIT_WRITE BPF CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK KILL MKNOD NET_ADMIN NET_BIND_SERVICE NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYSLOG SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME",
);
/** Parts of the API's compound words, in lower case: `Minimum` and `Replicas` of `MinimumReplicasAvailable`. */
const humps = new Set([...fields, ...resources].flatMap((word) => humpsOf(word).map((hump) => hump.toLowerCase())));

/** Numbers, versions, quantities, durations: they tell how much, not who. Addresses and account numbers do. */
const FIGURE =
  /^(?:\d+(?:\.\d+)*(?:[numkKMGTPE]|[KMGTPE]i|e\d+|ns|us|ms|s|m|h|d)?|(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|ns))+|v\d+(?:(?:alpha|beta)\d+|(?:\.\d+)+(?:-(?:alpha|beta|rc)\.?\d+)?)?|V\d+)$/;

export function isFigure(word: string): boolean {
  return FIGURE.test(word) && !/^(?:\d{12}|\d{1,3}(?:\.\d{1,3}){3})$/.test(word);
}

/** A kind, a resource in any spelling, an API group, a verb. */
export function isType(word: string): boolean {
  return (
    resources.has(word) ||
    OTHER_RESOURCES.has(word) ||
    verbs.has(word) ||
    SUBRESOURCES.has(word) ||
    OPERATIONS.has(word)
  );
}

/** The name of a field; of custom resources too, where it is made of the API's own words. */
export function isField(word: string): boolean {
  return fields.has(word) || english.has(word) || isMadeOfWords(word);
}

/** A value the API has a name for: `Running`, `MinimumReplicasAvailable`, `TCP`. */
export function isConstant(word: string): boolean {
  return (
    /^[A-Z]/.test(word) &&
    (isMadeOfWords(word) ||
      /^(?:TCP|UDP|SCTP|HTTPS?|CREATE|UPDATE|DELETE|CONNECT|GET|LIST|POST|PUT|PATCH|OK|LOG)$/.test(word) ||
      CAPABILITIES.has(word.replace(/^CAP_/, "")))
  );
}

/** A word of a sentence, whatever its case. */
export function isOfLanguage(word: string): boolean {
  return english.has(word.toLowerCase()) || fields.has(word);
}

/** Words that stay in some places, but not where somebody is called so. */
export function isEverydayWord(word: string): boolean {
  return isType(word) || isField(word) || isOfLanguage(word);
}

function isMadeOfWords(word: string): boolean {
  const parts = humpsOf(word);
  return (
    parts.join("") === word &&
    parts.length > 0 &&
    /[A-Z]/.test(word) &&
    parts.every((part) => /^\d+$/.test(part) || humps.has(part.toLowerCase()) || english.has(part.toLowerCase()))
  );
}

function humpsOf(word: string): readonly string[] {
  return word.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? [];
}

function listed(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ""));
}
