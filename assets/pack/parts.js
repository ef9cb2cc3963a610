// Elements of the page. Texts only ever become text: nothing that a person wrote is read as HTML.
export function element(name, { text, classes, on = {}, ...attributes } = {}, ...children) {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  if (text !== undefined) made.textContent = text;
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) made.setAttribute(attribute, value === true ? "" : value);
  }
  for (const [event, act] of Object.entries(on)) made.addEventListener(event, act);
  made.append(...children);
  return made;
}

export const button = (text, name, act, attributes = {}) =>
  element("button", { type: "button", text, title: name, "aria-label": name, on: { click: act }, ...attributes });

// Each part of a path as it stands in an address.
export const addressOf = (file) => file.split("/").map(encodeURIComponent).join("/");

export const told = (text, values) => text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);

export const starsOf = ({ rating, favourite, rejected }) =>
  [favourite ? "♥" : "", "★".repeat(rating), rejected ? "⊘" : ""].filter(Boolean).join(" ");

// The small picture; where there are too many to be in this file, the large one.
export const smallOf = (picture) => picture.thumbnail ?? addressOf(picture.file);

// The file of a picture or a film; of another one, or where it is not there, its small picture.
export function shownOf(picture, { film = false } = {}) {
  if (picture.kind === "film" && film && !picture.missing) {
    const src = addressOf(picture.file);
    return element("video", { src, poster: picture.thumbnail, controls: true, muted: true, loop: true, playsinline: true, "aria-label": picture.label });
  }
  const isDrawn = picture.kind === "picture" && !picture.missing;
  const image = element("img", { src: isDrawn ? addressOf(picture.file) : smallOf(picture), alt: picture.label, draggable: "false", decoding: "async" });
  image.addEventListener("error", () => picture.thumbnail && (image.src = picture.thumbnail), { once: true });
  return image;
}

// Whether each has to be told with its picture: one that all have stands above them.
export const haveSeveralPrompts = (pictures) => new Set(pictures.map(({ prompt }) => prompt)).size > 1;
