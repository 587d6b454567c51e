// A picture that stands alone, as PNG: drawn by the browser at twice its size.
import { announce } from "../components/shared/announce.js";
import { t } from "../components/shared/words.js";

const SCALE = 2;

export async function savePng(address, name) {
  try {
    const response = await fetch(address);
    const picture = await draw(await response.text());
    keep(await new Promise((done) => picture.toBlob(done, "image/png")), name);
  } catch {
    announce(t("The picture could not be made."));
  }
}

async function draw(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * SCALE;
  canvas.height = image.naturalHeight * SCALE;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function keep(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
