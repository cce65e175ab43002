import { type DictionaryView, OVERFLOW } from "../index/contract.ts";

export type Derive = (text: string) => string;

/** Texts numbered in the order of their first use. */
export class TextCodes {
  readonly texts: string[] = [];
  private readonly byText = new Map<string, number>();

  codeOf(text: string): number {
    const known = this.byText.get(text);
    if (known !== undefined) return known;
    this.byText.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

/** A text derived from a dictionary's text, once per entry. Values beyond the cap keep their group's name. */
export class DerivedTexts {
  private readonly texts: TextCodes;
  private codes = new Uint32Array(64);
  private readonly derive: Derive;

  constructor(texts: TextCodes, derive: Derive) {
    this.texts = texts;
    this.derive = derive;
  }

  codeOf(dictionary: DictionaryView, entry: number): number {
    if (entry >= this.codes.length) {
      const grown = new Uint32Array(Math.ceil(Math.max(dictionary.size, entry + 1) * 1.25));
      grown.set(this.codes);
      this.codes = grown;
    }
    const known = this.codes[entry] as number;
    if (known !== 0) return known - 1;
    const text = dictionary.text(entry);
    const code = this.texts.codeOf(entry === OVERFLOW ? text : this.derive(text));
    this.codes[entry] = code + 1;
    return code;
  }
}
