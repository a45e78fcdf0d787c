/** Last part of the page's program: one picture large, beside its heat map, with arrow keys to go on; and the start. */

/** JavaScript text; needs everything before it. */
export const VIEWER_SCRIPT = `
const viewer = { list: [], at: 0, from: null };
const dialog = byId("viewer");
const VIEWER_SIDE = 640;

function openViewer(list, at, from) {
  viewer.list = list.slice();
  viewer.at = at;
  viewer.from = from;
  showViewer();
  dialog.showModal();
}
function stepViewer(step) {
  const next = viewer.at + step;
  if (next < 0 || next >= viewer.list.length) return;
  viewer.at = next;
  showViewer();
}
function showViewer() {
  const picture = viewer.list[viewer.at];
  if (!picture) return;
  const now = outcome(picture);
  dialog.dataset.outcome = now;
  setText("viewer-badge", outcomeText(picture));
  setText("viewer-path", picture.path);
  setText("viewer-count", viewer.at + 1 + " of " + viewer.list.length);
  const known = (picture.set === "training" ? "Good training picture" : picture.label === "good" ? "Good" : "Anomalous: " + kindOf(picture));
  setText("viewer-facts", known + ". Score " + scoreText(picture.score) + (picture.set === "training" ? " (leave-one-out)" : "") +
    ", threshold " + scoreText(state.threshold) + ": called " + verdictAt(picture.score) + ".");
  showReasons(byId("viewer-why"), picture);
  byId("viewer-before").disabled = viewer.at === 0;
  byId("viewer-next").disabled = viewer.at === viewer.list.length - 1;
  drawViewer();
}
function drawViewer() {
  const picture = viewer.list[viewer.at];
  if (!picture) return;
  drawPicture(byId("viewer-plain"), picture, VIEWER_SIDE, "picture");
  drawPicture(byId("viewer-view"), picture, VIEWER_SIDE, view.mode);
  dialog.classList.toggle("single", view.mode === "picture");
}
function startViewer() {
  viewControls(byId("viewer-controls"));
  byId("viewer-before").addEventListener("click", function () { stepViewer(-1); });
  byId("viewer-next").addEventListener("click", function () { stepViewer(1); });
  byId("viewer-close").addEventListener("click", function () { dialog.close(); });
  dialog.addEventListener("click", function (event) { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", function () { if (viewer.from && viewer.from.isConnected) viewer.from.focus(); });
  dialog.addEventListener("keydown", function (event) {
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return;
    if (event.key === "ArrowLeft") stepViewer(-1);
    else if (event.key === "ArrowRight") stepViewer(1);
    else if (event.key === "Home") stepViewer(-viewer.at);
    else if (event.key === "End") stepViewer(viewer.list.length - 1 - viewer.at);
    else if ("123".includes(event.key)) setView({ mode: ["picture", "heat", "masks"][Number(event.key) - 1] });
    else return;
    event.preventDefault();
  });
  viewFollowers.push(function () { if (dialog.open) drawViewer(); });
}

startScores();
startRoc();
startPro();
startSensitivity();
startLearning();
startViewer();
startGallery();
document.documentElement.classList.add("ready");
`;
