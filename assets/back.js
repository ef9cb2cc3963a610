// The browser's Back closes what covers the whole page, as in every place that shows pictures, and
// Forward opens it again. Such a view has an entry of the history for as long as it is open; one that
// closes otherwise goes back by itself. Each entry names the control that opens its view; where that is
// gone, as after a reload or a deletion, who comes there is led back to the page. A view with an address
// is opened by the page that is loaded there, or comes back to it, which knows it by the `image` in it.
const ADDRESS_MS = 250; // browsers let an address change only so often
const OPENED_AFTER = 3000; // milliseconds, also where the app is far away
const OPENS = "[data-opens]:not(:disabled), .bg-thumb[data-status=completed]";
let contentOfOpen = null; // a function: as long as the view is being opened, there is none
let asked = null; // a timer: the app was asked for a view, which has its entry already
let isCalledOff = false; // Back came before it
let opener = null; // of the view that was closed last, where that has moved on since
let address = null; // of what was seen last in a view; its entry may not have it yet
let telling = null;

const isOfView = () => history.state?.isOfView === true;
const dialogAround = (component) => (component.hide ? component : dialogAround(component.$parent));
const leaveIfNotOpen = () => !contentOfOpen && isOfView() && history.back();

const imageHere = () => new URLSearchParams(location.search).get("image");

// An address that somebody was given has no page behind it yet.
const comeFromPage = () => {
  if (!imageHere()) return;
  const page = new URL(location);
  page.searchParams.delete("image");
  history.replaceState(history.state, "", page);
};

const ask = () => {
  isCalledOff = false;
  clearTimeout(asked);
  asked = setTimeout(() => {
    asked = null;
    isCalledOff = false;
    leaveIfNotOpen();
  }, OPENED_AFTER);
};

document.addEventListener("click", ({ target }) => {
  if (contentOfOpen || isOfView() || !target.closest?.(OPENS)) return;
  ask();
  history.pushState({ isOfView: true }, "");
});

const callOff = (content) => {
  isCalledOff = false;
  document.addEventListener("view-shown", () => dialogAround(content()).hide(), { once: true });
};

window.viewOpened = (content, control, own) => {
  clearTimeout(asked);
  asked = null;
  if (isCalledOff) return callOff(content);
  contentOfOpen = content;
  opener = address = null;
  if (isOfView()) {
    if (!history.state.opener) history.replaceState({ ...history.state, opener: control }, "");
    return;
  }
  if (own) comeFromPage();
  history.pushState({ isOfView: true, opener: control, address: own }, "", own || undefined);
};

const tellEntry = () => {
  clearTimeout(telling);
  telling = null;
  if (address && isOfView()) history.replaceState({ ...history.state, address }, "", address);
};

window.viewIsAt = (now) => {
  address = now;
  telling ??= setTimeout(tellEntry, ADDRESS_MS);
};
addEventListener("beforeunload", tellEntry);

window.viewCloses = () => {
  if (!contentOfOpen) return; // Back has closed it
  contentOfOpen = null;
  if (isOfView()) history.back();
};

window.viewMovedTo = (control) => (opener = control);

const openAgain = () => {
  if (history.state.address && window.opensImage) {
    tellEntry();
    window.opensImage(imageHere());
    return ask();
  }
  const control = document.querySelector(opener ?? history.state.opener);
  if (!control?.getClientRects().length || control.disabled) return history.back();
  control.click();
  ask();
};

addEventListener("popstate", () => {
  const content = contentOfOpen;
  if (isOfView()) return content || openAgain();
  contentOfOpen = null;
  isCalledOff = asked !== null;
  if (content) dialogAround(content()).hide();
});

if (history.state?.address) setTimeout(leaveIfNotOpen, OPENED_AFTER);
else leaveIfNotOpen();
