// The browser's Back closes what covers the whole page, as in every place that shows pictures. Such a
// view has an entry of the history for as long as it is open; one that closes otherwise takes it back.
// Who comes to the entry of a view that is not open any more (Forward, a reload) is led to its page.
let contentOfOpen = null; // a function: as long as the view is being opened, there is none

const isOfView = () => history.state?.isOfView === true;
const dialogAround = (component) => (component.hide ? component : dialogAround(component.$parent));

window.viewOpened = (content) => {
  contentOfOpen = content;
  history.pushState({ isOfView: true }, "");
};

window.viewCloses = () => {
  if (!contentOfOpen) return; // Back has closed it
  contentOfOpen = null;
  if (isOfView()) history.back();
};

addEventListener("popstate", () => {
  const content = contentOfOpen;
  if (isOfView()) return content || history.back();
  contentOfOpen = null;
  if (content) dialogAround(content()).hide();
});

if (isOfView()) history.back();
