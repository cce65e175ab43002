// re2js for filters, few of which have a regular expression: the original brings Unicode's tables.
const original = () => require("re2js/original");

export const RE2JS = {
  get CASE_INSENSITIVE() {
    return original().RE2JS.CASE_INSENSITIVE;
  },
  compile: (...args) => original().RE2JS.compile(...args),
  translateRegExp: (...args) => original().RE2JS.translateRegExp(...args),
};
export const RE2JSException = {
  [Symbol.hasInstance]: (error) => error instanceof original().RE2JSException,
};
