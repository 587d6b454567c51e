// Image files of the visitor, made 32 x 32 here in the browser; only the numbers go to the server, nothing is kept.
import { html, useState } from "../components/shared/vendor/preact.js";
import { t } from "../components/shared/words.js";

const SIDE = 32;
const MOST = 64;

export function Images({ images, set }) {
  const [wrong, setWrong] = useState("");
  const read = async (event) => {
    try {
      set(await decoded([...event.target.files].slice(0, MOST)));
      setWrong("");
    } catch (error) {
      setWrong(error.message);
    }
  };
  return html`<label class="wide" style="display:grid">
    ${t("Image files, cropped to a square and scaled to 32×32")}
    <input type="file" accept="image/*" multiple onChange=${read} />
    ${images && html`<span>${t("{n} images", { n: images.count })}</span>`}
    ${wrong && html`<span class="wrong" role="alert">${wrong}</span>`}
  </label>`;
}

async function decoded(files) {
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const bytes = new Uint8Array(files.length * SIDE * SIDE * 3);
  for (const [place, file] of files.entries()) bytes.set(await pixels(file, pen), place * SIDE * SIDE * 3);
  return files.length ? { count: files.length, numbers: base64(bytes) } : null;
}

async function pixels(file, pen) {
  const picture = await createImageBitmap(file).catch(() => {
    throw new Error(t("{name} is not an image this browser can read", { name: file.name }));
  });
  const side = Math.min(picture.width, picture.height);
  pen.fillStyle = "white";
  pen.fillRect(0, 0, SIDE, SIDE);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, SIDE, SIDE);
  picture.close();
  return pen.getImageData(0, 0, SIDE, SIDE).data.filter((_, place) => place % 4 < 3);
}

function base64(bytes) {
  let text = "";
  for (let start = 0; start < bytes.length; start += 8192) text += String.fromCharCode(...bytes.subarray(start, start + 8192));
  return btoa(text);
}
