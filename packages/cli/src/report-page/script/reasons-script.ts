/** Part of the page's program: why a picture's places are hot, each beside good patches. */

/** JavaScript text; needs the basics and the pictures. */
export const REASONS_SCRIPT = `
const PATCH_SIDE = 150;

/** Draws a part of a picture with a frame around its box. */
function drawPatch(canvas, source, patch, frame) {
  decode(source).then(function (image) {
    if (!image) return;
    const part = patch.window, across = part.width * image.naturalWidth, down = part.height * image.naturalHeight;
    const scale = PATCH_SIDE / Math.max(across, down);
    canvas.width = Math.max(1, Math.round(across * scale));
    canvas.height = Math.max(1, Math.round(down * scale));
    const pen = canvas.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(image, part.x * image.naturalWidth, part.y * image.naturalHeight, across, down, 0, 0, canvas.width, canvas.height);
    if (!patch.box) return;
    const box = patch.box;
    pen.lineWidth = 2;
    pen.strokeStyle = frame;
    pen.strokeRect(((box.x - part.x) / part.width) * canvas.width, ((box.y - part.y) / part.height) * canvas.height,
      (box.width / part.width) * canvas.width, (box.height / part.height) * canvas.height);
  });
}

/** A patch with two lines below it; without a picture an empty frame. */
function showPatch(holder, source, patch, frame, name, words) {
  const figure = make(holder, "figure", { class: "patch" });
  if (source) drawPatch(make(figure, "canvas", { width: PATCH_SIDE, height: PATCH_SIDE }), source, patch, frame);
  else make(figure, "span", { class: "no-thumbnail" }, "no thumbnail");
  const caption = make(figure, "figcaption", {});
  make(caption, "span", { title: name }, name);
  if (words) make(caption, "span", {}, words);
}

/** Fills the holder with the picture's reasons. */
function showReasons(holder, picture) {
  holder.replaceChildren();
  (picture.why || []).forEach(function (reason, i) {
    const row = make(holder, "div", { class: "reason" });
    make(row, "h3", {}, "Hot place " + (i + 1));
    for (const line of reason.words) make(row, "p", { class: "soft" }, line);
    const patches = make(row, "div", { class: "patches" });
    showPatch(patches, picture.image, reason.hot, "#d02020", "this picture", "");
    for (const good of reason.goods) showPatch(patches, data.goods[good.picture], good, "#1a9850", good.name, good.words);
  });
  holder.hidden = !picture.why || picture.why.length === 0;
}
`;
