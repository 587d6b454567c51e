// A table as CSV; as in describe/spreadsheet.py, a ' stands before each text that a spreadsheet would compute.
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

export function csv({ columns, rows }) {
  return [columns, ...rows].map((row) => row.map(quoted).join(",")).join("\n") + "\n";
}

function quoted(cell) {
  const text = String(cell ?? "");
  const safe = typeof cell === "string" && FORMULA.test(text) && !isNumber(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

// a sign alone is neither number nor formula
function isNumber(text) {
  return text === "+" || text === "-" || (text === text.trim() && !Number.isNaN(Number(text)));
}
