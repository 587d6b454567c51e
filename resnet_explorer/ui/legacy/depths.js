// One depth for all lanes: each goes to its family's nearest legal depth.
import { useEffect, useState } from "../components/shared/vendor/preact.js";
import { nameOf, nearestStop, readName } from "../components/lanes/network_name.js";
import { catalog } from "./server.js";
import { change } from "./store.js";

// Every lane goes to its family's nearest legal depth; a whole sweep is one undo.
export function setDepth(depth, families) {
  change((draft) => draft.lanes.forEach((lane) => deepen(lane, depth, families)), { kind: "depths" });
}

function deepen(lane, depth, families) {
  const found = readName(lane.name, families);
  if (!found?.values.depth) return;
  lane.name = nameOf(found.family, { ...found.values, depth: nearestStop(found, depth) });
  if (/^\S+ \d+$/.test(lane.title) || lane.title.startsWith(`${found.family.name}-`)) lane.title = "";
}

export function useFamilies() {
  const [families, setFamilies] = useState([]);
  useEffect(() => {
    catalog().then((answer) => setFamilies(answer.families), () => {});
  }, []);
  return families;
}
