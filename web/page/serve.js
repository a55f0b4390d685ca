// The service worker of this page, and what is told above it.

import { ANSWERS } from "./build.js";
import { $, h } from "./dom.js";
import { BASE } from "./places.js";
import { keeping } from "./sound.js";
import { t } from "./texts.js";

/**
 * @param {string} text
 * @param {HTMLElement} [action]
 */
export function say(text, action) {
  $("messages").append(h("p", { class: "message" }, text, action ? " " : null, action ?? null));
}

/** The page works offline, and a newer version takes its place whole once the reader agrees. */
export async function serve() {
  const container = navigator.serviceWorker;
  if (!container || ANSWERS === "there") return;
  const had = container.controller;
  container.addEventListener("controllerchange", () => had && location.reload());
  const registration = await container.register(new URL("sw.js", BASE), { updateViaCache: "none" });
  // A page that was reloaded just when the worker came to be has none yet.
  if (!container.controller) registration.active?.postMessage("claim");
  const offer = () => {
    if (!registration.waiting || !container.controller) return;
    say(t("update"), h("button", { type: "button", class: "quiet", text: t("update.now"), onclick: () => {
      keeping.on = false;
      registration.waiting?.postMessage("take over");
    } }));
  };
  offer();
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing?.addEventListener("statechange", () => installing.state === "installed" && offer());
  });
}
