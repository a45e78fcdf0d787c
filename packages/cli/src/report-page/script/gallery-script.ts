/** Part of the page's program: the cards of pictures, drawn only while near the window, and sorting and filtering them. */

/** JavaScript text; needs the basics and the pictures. */
export const GALLERY_SCRIPT = `
const CARD_SIDE = 240;

/** "right", "alarm", "escape" or "uncertain" at the present threshold. */
function outcome(picture) {
  const called = verdictAt(picture.score);
  if (called === picture.label) return "right";
  if (called === "uncertain") return "uncertain";
  return picture.label === "good" ? "alarm" : "escape";
}
const OUTCOMES = { right: "Right", alarm: "False alarm", escape: "Escape", uncertain: "Uncertain" };
/** Of a training picture nobody knows for sure that it is good, so it is not called right or wrong. */
const TRAINING_OUTCOMES = { right: "Below threshold", alarm: "Over threshold", escape: "", uncertain: "Uncertain" };
function outcomeText(picture) { return (picture.set === "training" ? TRAINING_OUTCOMES : OUTCOMES)[outcome(picture)]; }
function kindOf(picture) { return picture.label === "good" ? "good" : picture.defect || "anomalous"; }

/** @param {string} selector @returns {any[]} cards, which carry their picture, their canvas and whether they are near */
function cardsOn(selector) { return Array.from(document.querySelectorAll(selector)); }
function drawCard(card) { drawPicture(card.canvas, card.picture, CARD_SIDE, view.mode); }

/** Draws cards that come near the window, and lets go of those that are far away. */
const nearby = new IntersectionObserver(function (entries) {
  for (const entry of entries) {
    /** @type {any} */
    const card = entry.target;
    card.near = entry.isIntersecting;
    if (card.near) drawCard(card);
    else releasePicture(card.canvas);
  }
}, { rootMargin: "600px" });

function makeCard(picture, place) {
  const card = make(null, "button", { type: "button", class: "card" });
  card.picture = picture;
  const frame = make(card, "span", { class: "frame" });
  card.canvas = make(frame, "canvas", { width: 0, height: 0 });
  if (place) make(frame, "span", { class: "place" }, place);
  const top = make(card, "span", { class: "row" });
  card.badge = make(top, "span", { class: "badge" });
  make(top, "b", { title: "Raw score" }, scoreText(picture.score));
  make(card, "span", { class: "kind" }, kindOf(picture) + (picture.set === "training" ? ", training" : ""));
  showPath(make(card, "span", { class: "path", title: picture.path }), picture.path.slice(data.folder.length));
  showOutcome(card);
  nearby.observe(card);
  return card;
}
/** A path that may break after its slashes. */
function showPath(holder, path) {
  for (const piece of path.split(/(?<=[/])/)) { holder.append(piece); make(holder, "wbr", {}); }
}
function showOutcome(card) {
  const now = outcome(card.picture);
  if (card.dataset.outcome === now) return;
  card.dataset.outcome = now;
  card.badge.textContent = outcomeText(card.picture);
  card.setAttribute("aria-label", outcomeText(card.picture) + ", " + kindOf(card.picture) + ", score " + scoreText(card.picture.score) + ", " + card.picture.path);
}

const ORDERS = {
  mistakes: function (a, b) {
    const wrong = Number(outcome(b) !== "right") - Number(outcome(a) !== "right");
    return wrong || Math.abs(b.score - state.threshold) * wrongness(b) - Math.abs(a.score - state.threshold) * wrongness(a);
  },
  high: function (a, b) { return b.score - a.score; },
  low: function (a, b) { return a.score - b.score; },
  near: function (a, b) { return Math.abs(a.score - state.threshold) - Math.abs(b.score - state.threshold); },
  name: function (a, b) { return a.path < b.path ? -1 : a.path > b.path ? 1 : 0; },
};
/** Mistakes far from the threshold come first; of the right ones those that were nearly wrong. */
function wrongness(picture) { return outcome(picture) === "right" ? -1 : 1; }

/** The pictures that pass the filters, in order. */
function chosenPictures(pictures, filter) {
  const words = filter.text.toLowerCase();
  return pictures.filter(function (picture) {
    const now = outcome(picture);
    if (filter.outcome === "mistakes" && now === "right") return false;
    if (filter.outcome !== "all" && filter.outcome !== "mistakes" && filter.outcome !== now) return false;
    if (filter.kind !== "all" && kindOf(picture) !== filter.kind) return false;
    if (filter.set !== "all" && picture.set !== filter.set) return false;
    if (picture.score < filter.from || picture.score > filter.to) return false;
    return words === "" || picture.path.toLowerCase().includes(words);
  }).sort(ORDERS[filter.order]);
}

const gallery = { shown: [], cards: new Map() };
function readFilter() {
  const bound = function (id, open) { const value = byId(id).valueAsNumber; return Number.isFinite(value) ? value : open; };
  return {
    order: byId("order").value, outcome: byId("outcome").value, kind: byId("kind").value, set: byId("set").value,
    text: byId("find").value.trim(), from: bound("from", -Infinity), to: bound("to", Infinity),
  };
}
function showGallery() {
  const holder = byId("cards");
  gallery.shown = chosenPictures(data.gallery, readFilter());
  const cards = document.createDocumentFragment();
  gallery.shown.forEach(function (picture, i) {
    let card = gallery.cards.get(picture);
    if (!card) {
      card = makeCard(picture, "");
      card.addEventListener("click", function () { openViewer(gallery.shown, gallery.shown.indexOf(picture), card); });
      gallery.cards.set(picture, card);
    }
    showOutcome(card);
    cards.appendChild(card);
  });
  holder.replaceChildren(cards);
  const all = data.gallery.length;
  setText("shown", gallery.shown.length === all ? all + (all === 1 ? " picture" : " pictures") : gallery.shown.length + " of " + all + " pictures");
  byId("nothing").hidden = gallery.shown.length > 0;
}
function fillKinds() {
  const kinds = Array.from(new Set(data.gallery.map(kindOf))).sort(function (a, b) { return (a === "good" ? 0 : 1) - (b === "good" ? 0 : 1) || (a < b ? -1 : 1); });
  for (const kind of kinds) make(byId("kind"), "option", { value: kind }, kind);
  const sets = new Set(data.gallery.map(function (picture) { return picture.set; }));
  byId("set").closest("label").hidden = sets.size < 2;
}
function startGallery() {
  if (data.gallery.length > 0) {
    /* Browsers lay out only the visible ones of many cards; all of a few, so that a picture of the whole page shows them. */
    byId("cards").classList.toggle("many", data.gallery.length > 200);
    fillKinds();
    viewControls(byId("view-controls"));
    colourBar(byId("colour-bar"));
    showGallery();
    for (const id of ["order", "outcome", "kind", "set"]) byId(id).addEventListener("change", showGallery);
    for (const id of ["find", "from", "to"]) byId(id).addEventListener("input", later(120, showGallery));
    followers.push(later(150, showGallery));
  }
  data.suspects.forEach(function (picture, i) {
    const card = makeCard(picture, String(i + 1));
    card.addEventListener("click", function () { openViewer(data.suspects, i, card); });
    byId("suspect-cards").appendChild(card);
  });
  followers.push(later(150, function () { cardsOn("#suspect-cards .card").forEach(showOutcome); }));
  const redraw = later(30, function () {
    for (const card of cardsOn(".card")) if (card.near) drawCard(card);
  });
  viewFollowers.push(redraw);
  /* The first pictures are drawn early, so that they stand on paper even if nobody scrolled to them. */
  later(400, function () {
    for (const card of cardsOn(".card:nth-child(-n+24)")) if (!card.canvas.dataset.drawn) drawCard(card);
  })();
}
`;
