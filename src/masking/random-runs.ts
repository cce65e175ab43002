/**
 * Keys and tokens of services nobody has listed look alike: long runs in which upper case, lower case and digits take turns.
 * Names, hashes, uids and versions of a cluster are lower case; words in CamelCase change their class rarely.
 */

const SHORTEST = 20;
/** Runs between what can't be part of a token. Dots and tildes join parts of one, `/` and `+` belong to base64. */
const RUN = /[\w+/-]{20,}={0,2}/g;
const ALNUM = /[^A-Za-z0-9]+/;

/** Certificates, public keys, pages of a list: encoded, but public. */
const PUBLIC_START =
  /^(?:LS0tLS1CRUdJTi(?:BDRVJU|BQVUJM|BUUlVTVEVE|BDRVJUSUZJ|BORVcg|BYNTA5)|AAAA[BCE]3N|eyJ2IjoibWV0YS5rOHMuaW8v)/;
/** Two capitals at least: ordinary names have none. */
const BOTH_CASES = /[A-Z][^A-Z]*[A-Z]/;
/** `sha512-…`, `SHA256:…`: digests say what they are. */
const DIGEST_BEFORE = /(?:sha(?:1|224|256|384|512)|md5|h1)[-:=]$/i;

export function maskRandom(text: string, mask: string): string {
  if (text.length < SHORTEST || !BOTH_CASES.test(text)) return text;
  return text.replace(RUN, (run, at: number) => {
    if (!BOTH_CASES.test(run) || !isRandom(run)) return run;
    const isDigest = DIGEST_BEFORE.test(text.slice(Math.max(0, at - 8), at)) || /^(?:sha\d{3}-|SHA256)/.test(run);
    return isDigest ? run : mask;
  });
}

/** Whether a run looks drawn at random from letters of both cases and digits. */
export function isRandom(run: string): boolean {
  if (run.length < SHORTEST || PUBLIC_START.test(run)) return false;
  const longest = run.split(ALNUM).reduce((most, part) => (part.length > most.length ? part : most), "");
  return isMixed(longest, 16) || (isMixed(run.replaceAll(/[^A-Za-z0-9]/g, ""), SHORTEST) && !hasWords(run));
}

/** Words of one case between separators: a name, however long. */
function hasWords(run: string): boolean {
  const parts = run.split(ALNUM).filter((part) => part.length > 2);
  const plain = parts.filter((part) => /^(?:[A-Z]?[a-z]+|[A-Z]+|\d+)$/.test(part));
  return plain.length * 2 >= parts.length;
}

/** Judged by a sample: more of it says nothing new. */
const SAMPLE = 256;

/** Where each character is drawn from 62, four small letters in a row are rare; in CamelCase two capitals in a row are. */
function isMixed(text: string, shortest: number): boolean {
  if (text.length < shortest) return false;
  const sample = text.slice(0, SAMPLE);
  const kinds = { digit: 0, upper: 0, lower: 0 };
  let turns = 0;
  let capitals = 0;
  let before = "";
  for (let at = 0; at < sample.length; at += 1) {
    const code = sample.charCodeAt(at);
    const kind = code <= 57 ? "digit" : code <= 90 ? "upper" : "lower";
    kinds[kind] += 1;
    if (kind !== before && before !== "") turns += 1;
    if (kind === "upper" && before === "upper") capitals += 1;
    before = kind;
  }
  if (kinds.upper < 2 || kinds.lower < 2) return false;
  const inWords = (sample.match(/[a-z]{4,}/g) ?? []).reduce((sum, word) => sum + word.length, 0);
  if (inWords > sample.length * 0.4) return false;
  const share = turns / (sample.length - 1);
  return kinds.digit > 0 ? share >= 0.34 : share >= 0.43 && capitals >= sample.length * 0.08;
}
