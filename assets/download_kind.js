export { default } from "batchgen-downloads/kind.js";
