/** Part of the page's program: a picture on a canvas, with its heat map or the outlines of its masks. */

/** JavaScript text; needs the basics. */
export const PICTURE_SCRIPT = `
/** How pictures are shown, all alike: "picture", "heat" or "masks"; strength of the heat map 0-100; its colours. */
const view = { mode: "heat", opacity: 55, colours: "safe" };
const viewFollowers = [];
function setView(change) {
  Object.assign(view, change);
  for (const follow of viewFollowers) follow();
}

function colourTable(text) { return Uint8Array.from(atob(text), function (letter) { return letter.charCodeAt(0); }); }
const colourTables = { safe: colourTable(data.colours.safe), jet: colourTable(data.colours.jet) };

/** Decoded images, the most recent ones kept. */
const decoded = new Map();
const DECODED_MOST = 240;
function decode(source) {
  let image = decoded.get(source);
  if (!image) {
    const element = new Image();
    element.src = source;
    image = element.decode().then(function () { return element; }, function () { return null; });
  }
  decoded.delete(source);
  decoded.set(source, image);
  if (decoded.size > DECODED_MOST) decoded.delete(decoded.keys().next().value);
  return image;
}

/** The bytes of a grey image, drawn at the canvas's size. */
function greyPixels(image, width, height, smooth) {
  const sheet = document.createElement("canvas");
  sheet.width = width;
  sheet.height = height;
  const pen = sheet.getContext("2d", { willReadFrequently: true });
  pen.imageSmoothingEnabled = smooth;
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, 0, 0, width, height);
  return { sheet: sheet, pen: pen, image: pen.getImageData(0, 0, width, height) };
}

/** Lays the coloured map over the picture. Low values are clearer, so that what is normal stays to be seen. */
function drawHeat(pen, map, width, height) {
  const grey = greyPixels(map, width, height, true);
  const table = colourTables[view.colours], bytes = grey.image.data;
  const strength = (view.opacity / 100) * 255;
  for (let at = 0; at < bytes.length; at += 4) {
    const level = bytes[at];
    bytes[at] = table[level * 3];
    bytes[at + 1] = table[level * 3 + 1];
    bytes[at + 2] = table[level * 3 + 2];
    bytes[at + 3] = view.colours === "jet" ? strength : strength * Math.min(1, 0.12 + level / 128);
  }
  grey.pen.putImageData(grey.image, 0, 0);
  pen.drawImage(grey.sheet, 0, 0);
}

/** Outlines around where a grey image reaches a level: a line of one colour on a dark seam, dashed or whole. */
function drawOutline(pen, image, level, smooth, rgb, dashed, width, height) {
  const grey = greyPixels(image, width, height, smooth);
  const bytes = grey.image.data;
  const inside = function (x, y) { return x >= 0 && y >= 0 && x < width && y < height && bytes[4 * (y * width + x)] >= level; };
  const reach = Math.max(2, Math.round(width / 200));
  const dash = 4 * reach;
  const edge = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++)
    if (!inside(x, y) && (inside(x - 1, y) || inside(x + 1, y) || inside(x, y - 1) || inside(x, y + 1))) edge[y * width + x] = 1;
  const out = grey.pen.createImageData(width, height);
  const paint = function (radius, colours, skip) {
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
      if (edge[y * width + x] === 0 || (skip && (Math.floor(x / dash) + Math.floor(y / dash)) % 2 === 1)) continue;
      for (let dy = -radius; dy <= radius; dy++) for (let dx = -radius; dx <= radius; dx++) {
        if (x + dx < 0 || y + dy < 0 || x + dx >= width || y + dy >= height) continue;
        const at = 4 * ((y + dy) * width + x + dx);
        out.data[at] = colours[0]; out.data[at + 1] = colours[1]; out.data[at + 2] = colours[2]; out.data[at + 3] = colours[3];
      }
    }
  };
  paint(reach, [0, 0, 0, 170], false);
  paint(Math.max(0, reach - 1), [rgb[0], rgb[1], rgb[2], 255], dashed);
  grey.pen.putImageData(out, 0, 0);
  pen.drawImage(grey.sheet, 0, 0);
}

/** Draws a picture into a canvas no wider or higher than "side"; a later call for the same canvas wins. */
async function drawPicture(canvas, picture, side, mode) {
  const turn = (canvas.turn || 0) + 1;
  canvas.turn = turn;
  const original = await decode(picture.image);
  const map = mode !== "picture" && picture.map ? await decode(picture.map) : null;
  const mask = mode === "masks" && picture.mask ? await decode(picture.mask) : null;
  if (canvas.turn !== turn) return;
  if (!original) { canvas.width = canvas.height = 1; canvas.classList.add("broken"); return; }
  const scale = side / Math.max(original.naturalWidth, original.naturalHeight);
  const width = (canvas.width = Math.max(1, Math.round(original.naturalWidth * scale)));
  const height = (canvas.height = Math.max(1, Math.round(original.naturalHeight * scale)));
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(original, 0, 0, width, height);
  if (mode === "heat" && map) drawHeat(pen, map, width, height);
  if (mode === "masks" && map && pixelLevel() !== null)
    drawOutline(pen, map, pixelLevel(), true, [255, 159, 64], true, width, height);
  if (mode === "masks" && mask) drawOutline(pen, mask, 128, false, [255, 255, 255], false, width, height);
  canvas.dataset.drawn = mode;
}

function releasePicture(canvas) {
  canvas.turn = (canvas.turn || 0) + 1;
  canvas.width = canvas.height = 0;
  delete canvas.dataset.drawn;
}

/** The map byte from which a pixel counts as anomalous; null without maps. */
function pixelLevel() {
  if (!data.mapRange || data.pixelThreshold === null) return null;
  return ((data.pixelThreshold - data.mapRange.min) / (data.mapRange.max - data.mapRange.min)) * 255;
}

/** Buttons for the kind of view, the strength of the heat map and its colours. More than one set may stand on the page. */
function viewControls(holder) {
  const group = make(holder, "div", { class: "segments", role: "group", "aria-label": "What is shown" });
  const buttons = [["picture", "Picture"], ["heat", "Heat map"], ["masks", "Masks"]].map(function (entry) {
    const button = make(group, "button", { type: "button", "data-mode": entry[0] }, entry[1]);
    button.addEventListener("click", function () { setView({ mode: entry[0] }); });
    return button;
  });
  const strength = make(holder, "label", { class: "strength" }, "Strength ");
  const slider = make(strength, "input", { type: "range", min: 0, max: 100, step: 5, "aria-label": "Strength of the heat map" });
  slider.addEventListener("input", function () { setView({ opacity: slider.valueAsNumber }); });
  const scale = make(holder, "label", { class: "scale" }, "Colours ");
  const choice = make(scale, "select", { "aria-label": "Colours of the heat map" });
  make(choice, "option", { value: "safe" }, "Viridis (any colour vision)");
  make(choice, "option", { value: "jet" }, "JET (as Anomalib)");
  choice.addEventListener("change", function () { setView({ colours: choice.value }); });
  const show = function () {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.mode === view.mode));
    slider.value = String(view.opacity);
    choice.value = view.colours;
    strength.hidden = scale.hidden = view.mode !== "heat";
  };
  viewFollowers.push(show);
  show();
}

/** The colour bar: which raw value has which colour, and where pixels begin to count as anomalous. */
function colourBar(holder) {
  if (!data.mapRange) return;
  const low = make(holder, "span", {}, scoreText(data.mapRange.min));
  const bar = make(holder, "canvas", { width: 256, height: 12, role: "img", "aria-label": "Colour scale of the heat maps" });
  make(holder, "span", {}, scoreText(data.mapRange.max) + " raw");
  low.title = "The same colours mean the same values in every picture";
  const masks = make(holder, "span", { class: "mask-key" });
  make(masks, "i", { class: "truth" });
  masks.append("marked by hand ");
  make(masks, "i", { class: "found" });
  masks.append("found by the model");
  const paint = function () {
    const pen = bar.getContext("2d"), table = colourTables[view.colours];
    for (let x = 0; x < 256; x++) {
      pen.fillStyle = "rgb(" + table[x * 3] + "," + table[x * 3 + 1] + "," + table[x * 3 + 2] + ")";
      pen.fillRect(x, 0, 1, 12);
    }
    const level = pixelLevel();
    if (level !== null) { pen.fillStyle = "#fff"; pen.fillRect(level - 1.5, 0, 3, 12); pen.fillStyle = "#000"; pen.fillRect(level - 0.5, 0, 1, 12); }
    bar.hidden = low.hidden = view.mode !== "heat";
    bar.nextSibling.hidden = view.mode !== "heat";
    masks.hidden = view.mode !== "masks";
  };
  viewFollowers.push(paint);
  paint();
}
`;
