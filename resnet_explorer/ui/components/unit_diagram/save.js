// Pictures to take home: the server writes them to stand alone; PNG is drawn by the browser at twice the size.
import { announce } from "../shared/announce.js";
import { t } from "../shared/words.js";

const SCALE = 2;
const TYPES = { svg: "image/svg+xml", tikz: "text/x-tex", pdf: "application/pdf" };

export async function save(ask, format, picture) {
  const theme = document.documentElement.classList.contains("dark") ? "dark" : "light";
  const form = format === "png" ? "svg" : format;
  const found = await ask({ ...picture, theme, ...(form === "svg" ? {} : { format: form }) }).catch(() => ({}));
  try {
    const content = form === "pdf" ? Uint8Array.from(atob(found.picture), (letter) => letter.charCodeAt(0)) : found.picture;
    const blob = format === "png" ? await paint(content) : new Blob([content], { type: TYPES[form] });
    download(blob, `units.${{ tikz: "tex" }[format] ?? format}`);
  } catch {
    announce(found.error ?? t("The picture could not be made."));
  }
}

async function paint(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth * SCALE, image.naturalHeight * SCALE];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
