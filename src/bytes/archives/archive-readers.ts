/** What reads archives, loaded when there is one: a bundle of its own. */
export { tarMembers } from "./tar.ts";
export { openZipBytes, openZipFile } from "./zip.ts";
