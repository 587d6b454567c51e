// The heat maps to take along: one picture of all lanes as SVG or PNG, or every cell as CSV.
const [WIDE, HIGH, GAP, HEAD] = [320, 140, 24, 28];

export async function savePictures(section, form, legend) {
  const maps = [...section.querySelectorAll(".heat")];
  const columns = Math.min(3, maps.length);
  const rows = Math.ceil(maps.length / columns);
  const style = getComputedStyle(section);
  const [ink, paper] = ["--ink", "--paper"].map((name) => style.getPropertyValue(name).trim());
  const size = [columns * (WIDE + GAP) + GAP, rows * (HIGH + GAP + HEAD) + GAP + HEAD];
  const parts = maps.map((map, at) => drawn(map, GAP + (at % columns) * (WIDE + GAP), GAP + Math.floor(at / columns) * (HIGH + GAP + HEAD)));
  const text = `<text x="${GAP}" y="${size[1] - 16}">${escaped(legend)}</text>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size[0]}" height="${size[1]}" font-family="sans-serif" font-size="13" fill="${ink}"><rect width="100%" height="100%" fill="${paper}"/>${parts.join("")}${text}</svg>`;
  const address = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  if (form === "svg") return keep(address, "training-flow.svg");
  const image = Object.assign(new Image(), { src: address });
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: 2 * size[0], height: 2 * size[1] });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return keep(canvas.toDataURL(), "training-flow.png");
}

function drawn(map, x, y) {
  const canvas = map.querySelector("canvas");
  const name = escaped(map.querySelector("figcaption").textContent.trim());
  return `<text x="${x}" y="${y + 12}">${name}</text><image x="${x}" y="${y + 20}" width="${WIDE}" height="${HIGH}" preserveAspectRatio="none" href="${canvas.toDataURL()}"/>`;
}

export function saveTable(maps, points, kind) {
  const rows = maps.flatMap(({ line, run }) => (points.get(run.run)?.flows ?? []).map((flow) => [line.label, run.seed, flow.step, ...flow[kind]]));
  const units = Math.max(...rows.map((row) => row.length - 3));
  const first = kind === "responses" ? 1 : 0;
  const columns = ["lane", "seed", "step", ...Array.from({ length: units }, (_, at) => `unit ${at + first}`)];
  keep(`data:text/csv;charset=utf-8,${encodeURIComponent([columns, ...rows].map((row) => row.join(",")).join("\n"))}`, "training-flow.csv");
}

function escaped(text) {
  return text.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function keep(address, name) {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}
