// The text of a unit as words and back: as the language reads it, but forgiving, for the editor only.
const TOKEN = /[+|]|[^\s,()+|]+(?:\([^()]*\))?|[()]/g;
const MERGE = /^(\+|blend|rk[234])(\(|$)/;

// Words with the column, from 1, at which each begins.
export function tokens(text) {
  const plain = text.replace(/→/g, " ").replace(/->/g, "  ");
  return [...plain.matchAll(TOKEN)].map((match) => ({ text: match[0], column: match.index + 1 }));
}

// For each word, whether it stands on the trunk: before the fork, or behind the merge.
export function onTrunk(words) {
  const merge = words.findIndex((word) => MERGE.test(word));
  const fork = words.indexOf("|");
  return words.map((word, place) => merge >= 0 && word !== "|" && (place < fork || place > merge));
}

export function isMerge(word) {
  return MERGE.test(word);
}

// The word of the vocabulary and the arguments given to it, by name; null where there is no such word.
export function readWord(text, vocabulary) {
  const [, name, rest] = /^([^(]*)(?:\(([^()]*)\))?$/.exec(text.toLowerCase()) ?? [];
  const given = (rest ?? "").split(",").map((item) => item.trim()).filter(Boolean);
  const exact = vocabulary.find((word) => word.name === name);
  const short = /^([a-z]+)(\d{1,3})$/.exec(name ?? "");
  const word = exact ?? vocabulary.find((each) => each.name === short?.[1] && each.parameters[0]?.name === "k");
  if (!word) return null;
  const values = Object.fromEntries(word.parameters.map((parameter) => [parameter.name, parameter.default]));
  if (!exact) given.unshift(`k=${short[2]}`);
  given.forEach((item, place) => {
    const equals = item.indexOf("=");
    const key = equals < 0 ? word.parameters[place]?.name : item.slice(0, equals).trim();
    if (key in values) values[key] = item.slice(equals + 1).trim();
  });
  return { word, values };
}

// A word with its arguments as the language prints it: defaults unsaid, the first one without its name.
export function spellWord(word, values) {
  const shown = word.parameters.filter(({ name, default: own }) => values[name] !== own);
  const kernel = shown[0]?.name === "k" && word.parameters[0].name === "k";
  const name = kernel ? `${word.name}${values.k}` : word.name;
  const rest = kernel ? shown.slice(1) : shown;
  const spelled = rest.map((parameter) => (parameter === word.parameters[0] ? values[parameter.name] : `${parameter.name}=${values[parameter.name]}`));
  return spelled.length ? `${name}(${spelled.join(", ")})` : name;
}
