// Chinese of the Train view.
import { add } from "./words.js";

add({});
