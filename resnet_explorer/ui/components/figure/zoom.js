// Which part of each figure is looked at. It stands in the link: zoom=NAME,XAXIS,LOW,HIGH,YAXIS,LOW,HIGH;...
import { others, setOthers } from "../shared/link.js";

// name of a figure -> name, low and high of its x axis, and of its y axis; empty where the whole axis is shown
let zooms = null;

function known() {
  const figures = (others().zoom ?? "").split(";").map((text) => text.split(","));
  return (zooms ??= new Map(figures.filter((parts) => parts.length === 7).map(([name, ...parts]) => [name, parts])));
}

// The ranges of x and y; null where all is shown, or where the axis is another now.
export function zoomOf(name, axes) {
  const kept = known().get(name) ?? [];
  return axes.map((axis, at) => {
    const range = kept.slice(3 * at + 1, 3 * at + 3).map(parseFloat);
    return kept[3 * at] === axis && range.every(Number.isFinite) ? range : null;
  });
}

export function keepZoom(name, axes, ranges) {
  known().delete(name);
  if (ranges.some(Boolean)) zooms.set(name, axes.flatMap((axis, at) => [axis, ...(ranges[at] ?? ["", ""])]));
  const short = (part) => (typeof part === "number" ? Number(part.toPrecision(4)) : part);
  setOthers({ ...others(), zoom: [...zooms].map((zoom) => zoom.flat().map(short).join()).join(";") });
}
