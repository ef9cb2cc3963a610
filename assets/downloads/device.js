// How this device wants its downloads: as pictures or as a pack (kind.js), without settings or as they are
// (device_tick.js).
export const KIND = "batchgen.download";
const CLEAN = "batchgen.clean";

export const kindWanted = () => localStorage.getItem(KIND);
export const isCleanWanted = () => localStorage.getItem(CLEAN) === "on";
