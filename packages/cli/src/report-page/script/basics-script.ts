/** First part of the page's program: the data, small helpers, and the one value that everything follows, the threshold. */

/** JavaScript text. */
export const BASICS_SCRIPT = `
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);

/** @param {string} id @returns {any} the element, null when this report has none */
function byId(id) { return document.getElementById(id); }

/**
 * Appends an element. Text is set as text only, so nothing from a file name can become markup.
 * @param {any} parent @param {string} tag @param {Record<string, string | number>} attributes @param {string} [text]
 * @returns {any} the element
 */
function make(parent, tag, attributes, text) {
  const element = document.createElement(tag);
  for (const name in attributes) element.setAttribute(name, String(attributes[name]));
  if (text !== undefined) element.textContent = text;
  if (parent) parent.appendChild(element);
  return element;
}

function setText(id, text) { const element = byId(id); if (element) element.textContent = text; }

/** A colour of the style sheet as it is now: light, dark or for print. */
function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim(); }

function scoreText(score) { return String(Number(score.toPrecision(5))); }

/**
 * A rate in percent with two digits, to the nearest, or a bound that may only grow or shrink.
 * @param {number} rate @param {"up" | "down"} [bound]
 */
function percentDigits(rate, bound) {
  const value = rate * 100;
  if (value === 0) return "0";
  const step = Math.pow(10, Math.min(0, Math.floor(Math.log10(value)) - 1));
  const steps = bound === "up" ? Math.ceil(value / step - 1e-6) : bound === "down" ? Math.floor(value / step + 1e-6) : Math.round(value / step);
  return String(Number((steps * step).toPrecision(12)));
}
/** @param {number} rate @param {"up" | "down"} [bound] */
function percentText(rate, bound) { return percentDigits(rate, bound) + " %"; }

/** The lower threshold of a grey zone stays where the model has it, never above the other; without one both are the same. */
function lowerThreshold() { return data.uncertainThreshold === null ? state.threshold : Math.min(data.uncertainThreshold, state.threshold); }
function verdictAt(score) { return score >= state.threshold ? "anomalous" : score >= lowerThreshold() ? "uncertain" : "good"; }

/** What the reader has set. Parts of the page ask to be told when the threshold moves. */
const state = { threshold: data.threshold === null ? Infinity : data.threshold, moved: false };
const followers = [];
function setThreshold(value) {
  state.threshold = value;
  state.moved = value !== data.threshold;
  for (const follow of followers) follow();
}

/** Calls a function once the page has been quiet for a moment. */
function later(wait, work) {
  let timer = 0;
  return function () { clearTimeout(timer); timer = setTimeout(work, wait); };
}

/** Plots and pictures take their colours from the style sheet: draw again when that changes. */
const redraws = [];
function redrawAll() { for (const redraw of redraws) redraw(); }
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);
function forPaper(yes) {
  document.documentElement.classList.toggle("printing", yes);
  for (const fold of document.querySelectorAll("#figures details")) fold.toggleAttribute("open", yes);
  redrawAll();
}
addEventListener("beforeprint", function () { forPaper(true); });
addEventListener("afterprint", function () { forPaper(false); });
`;
