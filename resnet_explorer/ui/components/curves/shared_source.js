// The stream of all pages of this browser. A browser opens six connections to a server at most, and a stream holds one for
// as long as it lasts: with one each, the seventh page would never open.
import { createSource } from "./source.js";

const source = createSource();

self.onconnect = ({ ports: [port] }) => {
  const send = (message) => port.postMessage(message);
  port.onmessage = ({ data }) => source.want(send, data);
};
