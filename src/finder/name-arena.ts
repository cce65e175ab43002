const PART = 16_384;

/**
 * Labels as lower-cased bytes in one arena with a 32-bit letter mask each: a short list for the ranker out of 100,000 names
 * within a key press. Labels keep their number for ever; bytes ≥ 0x80 compare as they are.
 */
export class NameArena {
  private bytes = new Uint8Array(1 << 14);
  private used = 0;
  private starts = new Uint32Array(1 << 10);
  private masks = new Int32Array(1 << 10);
  private count = 0;
  private readonly encoder = new TextEncoder();

  get size(): number {
    return this.count;
  }

  /** Returns the label's number. Labels over 512 bytes are searched by their first 512. */
  add(label: string): number {
    const encoded = this.encoder.encode(label.toLowerCase());
    const length = Math.min(encoded.length, 512);
    if (this.used + length > this.bytes.length) this.bytes = grown(this.bytes, this.used + length);
    if (this.count + 2 > this.starts.length) {
      const starts = new Uint32Array(this.starts.length * 2);
      starts.set(this.starts);
      this.starts = starts;
      const masks = new Int32Array(this.masks.length * 2);
      masks.set(this.masks);
      this.masks = masks;
    }
    this.bytes.set(length === encoded.length ? encoded : encoded.subarray(0, length), this.used);
    this.masks[this.count] = letterMask(this.bytes, this.used, this.used + length);
    this.starts[this.count] = this.used;
    this.used += length;
    this.count += 1;
    this.starts[this.count] = this.used;
    return this.count - 1;
  }

  /**
   * Numbers of the best `limit` labels that contain every space-separated word of `text` as a subsequence, best first.
   * `weight` breaks ties between equally good labels (0…1). Pauses every 16,384 labels.
   */
  *shortList(text: string, limit: number, weight: (label: number) => number): Generator<undefined, number[], void> {
    const words = text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "")
      .map((word) => this.encoder.encode(word.slice(0, 64)));
    if (words.length === 0) return [];
    let wanted = 0;
    for (const word of words) wanted |= letterMask(word, 0, word.length);
    const best = new BestList(limit);
    for (let from = 0; from < this.count; from += PART) {
      if (from > 0) yield;
      this.offer(from, Math.min(this.count, from + PART), words, wanted, weight, best);
    }
    return best.take();
  }

  /** Labels [from, to) that match. */
  private offer(
    from: number,
    to: number,
    words: readonly Uint8Array[],
    wanted: number,
    weight: (label: number) => number,
    best: BestList,
  ): void {
    const { bytes, starts, masks } = this;
    for (let label = from; label < to; label += 1) {
      if (((masks[label] as number) & wanted) !== wanted) continue;
      const start = starts[label] as number;
      const end = starts[label + 1] as number;
      let score = 0;
      for (const word of words) {
        const part = scoreWord(bytes, start, end, word);
        if (part < 0) {
          score = -1;
          break;
        }
        score += part;
      }
      if (score >= 0) best.offer(label, score + weight(label));
    }
  }
}

function grown(bytes: Uint8Array, needed: number): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(Math.max(bytes.length * 2, needed));
  next.set(bytes);
  return next;
}

function letterMask(bytes: Uint8Array, start: number, end: number): number {
  let mask = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte >= 97 && byte <= 122) mask |= 1 << (byte - 97);
    else if (byte >= 48 && byte <= 57) mask |= 1 << (26 + (byte & 3));
    else if (byte === 45 || byte === 47) mask |= 1 << 30;
    else mask |= 1 << 31;
  }
  return mask;
}

function startsWord(bytes: Uint8Array, at: number, start: number): boolean {
  if (at === start) return true;
  const before = bytes[at - 1] as number;
  return before === 45 || before === 46 || before === 47 || before === 32 || before === 58 || before === 95;
}

/** −1: not a subsequence. A run of neighbours at the start of a word scores highest; shorter labels win ties. */
function scoreWord(bytes: Uint8Array, start: number, end: number, word: Uint8Array): number {
  const first = word[0] as number;
  let best = -1;
  for (let at = start; at <= end - word.length; at += 1) {
    if (bytes[at] !== first) continue;
    let matched = 1;
    while (matched < word.length && bytes[at + matched] === word[matched]) matched += 1;
    if (matched < word.length) continue;
    const whole = at + matched === end || startsWord(bytes, at + matched + 1, start);
    const score = 100 * word.length + (startsWord(bytes, at, start) ? 60 : 0) + (whole ? 40 : 0) - (at - start) * 0.1;
    if (score > best) best = score;
    if (startsWord(bytes, at, start)) break;
  }
  if (best >= 0) return best - (end - start) * 0.05;
  let position = start;
  let previous = -2;
  let score = 0;
  for (let index = 0; index < word.length; index += 1) {
    const byte = word[index] as number;
    while (position < end && bytes[position] !== byte) position += 1;
    if (position === end) return -1;
    score += position === previous + 1 ? 20 : startsWord(bytes, position, start) ? 15 : 2;
    previous = position;
    position += 1;
  }
  return score - (end - start) * 0.05;
}

/** The `limit` highest scores, by a binary heap with the lowest kept on top. */
class BestList {
  private readonly limit: number;
  private readonly labels: number[] = [];
  private readonly scores: number[] = [];

  constructor(limit: number) {
    this.limit = limit;
  }

  offer(label: number, score: number): void {
    const { labels, scores } = this;
    if (labels.length < this.limit) {
      let at = labels.length;
      labels.push(label);
      scores.push(score);
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if ((scores[parent] as number) <= score) break;
        this.swap(at, parent);
        at = parent;
      }
    } else if (score > (scores[0] as number)) {
      labels[0] = label;
      scores[0] = score;
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= labels.length) break;
        if (child + 1 < labels.length && (scores[child + 1] as number) < (scores[child] as number)) child += 1;
        if ((scores[child] as number) >= (scores[at] as number)) break;
        this.swap(at, child);
        at = child;
      }
    }
  }

  take(): number[] {
    const order = this.labels.map((_, at) => at);
    order.sort(
      (a, b) =>
        (this.scores[b] as number) - (this.scores[a] as number) ||
        (this.labels[a] as number) - (this.labels[b] as number),
    );
    return order.map((at) => this.labels[at] as number);
  }

  private swap(a: number, b: number): void {
    const label = this.labels[a] as number;
    const score = this.scores[a] as number;
    this.labels[a] = this.labels[b] as number;
    this.scores[a] = this.scores[b] as number;
    this.labels[b] = label;
    this.scores[b] = score;
  }
}
