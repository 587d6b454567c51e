// The heat maps to take along: one picture of all lines, or every cell as a row of a table.
const [WIDE, HIGH, GAP, HEAD] = [320, 140, 24, 28];

export function drawPicture(section, legend) {
  const maps = [...section.querySelectorAll(".heat")];
  const columns = Math.min(3, maps.length);
  const [width, height] = [columns * (WIDE + GAP) + GAP, Math.ceil(maps.length / columns) * (HIGH + GAP + HEAD) + GAP + HEAD];
  const ink = getComputedStyle(section).getPropertyValue("--ink").trim();
  const parts = maps.map((map, at) => {
    const [x, y] = [GAP + (at % columns) * (WIDE + GAP), GAP + Math.floor(at / columns) * (HIGH + GAP + HEAD)];
    const picture = map.querySelector("canvas").toDataURL();
    return `<text x="${x}" y="${y + 12}">${escaped(map.querySelector("figcaption").textContent.trim())}</text>
      <image x="${x}" y="${y + 20}" width="${WIDE}" height="${HIGH}" preserveAspectRatio="none" href="${picture}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="13" fill="${ink}">
    ${parts.join("")}<text x="${GAP}" y="${height - 16}">${escaped(legend)}</text></svg>`;
}

export function tableOf(maps, kind, first) {
  const rows = maps.flatMap(({ line, run, flows }) => flows.map((flow) => [line.label, run.seed, flow.step, ...flow[kind]]));
  const units = Math.max(...rows.map((row) => row.length - 3));
  return { columns: ["lane", "seed", "step", ...Array.from({ length: units }, (_, at) => `unit ${at + first}`)], rows };
}

const escaped = (text) => text.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
