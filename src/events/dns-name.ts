/** What the API server takes as names, mostly. */

const LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** As of RFC 1123, lower case: names of namespaces. */
export function isDnsLabel(text: string): boolean {
  return LABEL.test(text);
}

/** Labels joined by dots: names of most objects. */
export function isDnsSubdomain(text: string): boolean {
  return SUBDOMAIN.test(text);
}
