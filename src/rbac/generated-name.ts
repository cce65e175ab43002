/** Kubernetes' alphabet for generated suffixes. */
const SUFFIX = /-[bcdfghjklmnpqrstvwxz2456789]{5}$/;
const HASH = /-[bcdfghjklmnpqrstvwxz2456789]{8,10}$/;
/** Resources whose names are made by controllers, mostly. */
const MADE_BY_CONTROLLERS: readonly string[] = [
  "pods",
  "replicasets",
  "controllerrevisions",
  "endpointslices",
  "jobs",
  "certificatesigningrequests",
];
const UUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/;
/** Times, as in the names of a CronJob's Jobs, and hashes. */
const DIGITS = /\d{8,}$/;
const HEX = /(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{10,}$/;

/** Whether an object of this name is not likely to be there another time. */
export function isGeneratedName(resource: string, name: string): boolean {
  if (resource === "events" || UUID.test(name) || DIGITS.test(name) || HEX.test(name)) return true;
  const tail = SUFFIX.exec(name)?.[0] ?? HASH.exec(name)?.[0];
  // Elsewhere `web-https` may be a word: a random suffix mostly has a digit.
  return tail !== undefined && (MADE_BY_CONTROLLERS.includes(resource) || /\d/.test(tail));
}
