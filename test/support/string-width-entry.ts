// What the bundled program measures text with: the stand-in of scripts/bundle, for test/models/string-width.test.ts.
export { default as stringWidth } from "string-width";
