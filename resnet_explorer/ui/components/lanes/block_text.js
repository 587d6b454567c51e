// The text of a unit as words and back: as the language reads it, but forgiving, for the editor only.
const TOKEN = /[+|]|[^\s,()+|]+(?:\([^()]*\))?|[()]/g;
const MERGE = /^(\+|blend|rk[234])(\(|$)/;

export const wordsOf = (text) => text.replace(/→|->/g, " ").match(TOKEN) ?? [];

// What a word does to the path: with a merge, what stands before the fork or behind the merge is on the trunk.
export const kindOf = (word) => (word === "|" ? "fork" : MERGE.test(word) ? "merge" : "");

// The word of the vocabulary and the arguments given to it, by name; null where there is no such word.
export function readWord(text, vocabulary) {
  const [, name, rest = ""] = /^([^(]*)(?:\(([^()]*)\))?$/.exec(text.toLowerCase()) ?? [];
  const given = rest.split(",").map((item) => item.trim()).filter(Boolean);
  const exact = vocabulary.find((word) => word.name === name);
  const [, stem, kernel] = /^([a-z]+)(\d{1,3})$/.exec(name) ?? [];
  const word = exact ?? vocabulary.find((each) => each.name === stem && each.parameters[0]?.name === "k");
  if (!word) return null;
  if (!exact) given.unshift(`k=${kernel}`);
  const values = Object.fromEntries(word.parameters.map((parameter) => [parameter.name, parameter.default]));
  given.forEach((item, place) => {
    const [value, key = word.parameters[place]?.name] = item.split(/\s*=\s*/).reverse();
    if (key in values) values[key] = value;
  });
  return { word, values };
}

// A word with its arguments as the language prints it: defaults unsaid, the first one without its name.
export function spellWord({ name, parameters }, values) {
  const given = parameters.filter((parameter) => values[parameter.name] !== parameter.default);
  const spelled = given.map((parameter) => (parameter === parameters[0] ? "" : `${parameter.name}=`) + values[parameter.name]);
  const kernel = given[0]?.name === "k" ? spelled.shift() : "";
  return name + kernel + (spelled.length ? `(${spelled.join(", ")})` : "");
}
