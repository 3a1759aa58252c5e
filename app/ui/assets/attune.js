// What Streamlit cannot do by itself: markers that open their source, links that keep the conversation, and a marked
// quote that comes into view. Nothing is sent anywhere.
(() => {
  if (window.attuneReady) return;
  window.attuneReady = true;

  const follow = (event) => {
    const marker = event.target.closest("[data-cite]");
    if (marker) {
      document.querySelector(`.st-key-cite-${CSS.escape(marker.dataset.cite)} button`)?.click();
      return;
    }
    const link = event.target.closest("a[data-section]");
    if (!link) return;
    const wanted = `section=${link.dataset.section}`;
    const inApp = [...document.querySelectorAll('[data-testid="stPageLink"] a')].find((a) =>
      decodeURIComponent(a.getAttribute("href") || "").endsWith(wanted));
    if (inApp) {
      event.preventDefault();
      inApp.click();
    }
  };

  const show = () => {
    const quote = document.querySelector("mark.attune-quote:not([data-shown])");
    if (!quote) return;
    quote.dataset.shown = "yes";
    setTimeout(() => {
      quote.scrollIntoView({ block: "center" });
      quote.focus({ preventScroll: true });
    }, 150);
  };

  // Streamlit keeps the end of the page in view; whoever asked wants to read from the question on.
  let question = null;
  let changed = 0;
  let left = false;
  for (const kind of ["wheel", "touchmove", "keydown", "mousedown"]) {
    window.addEventListener(kind, () => { left = true; }, { passive: true });
  }
  const hold = () => {
    if (left || !question.isConnected || Date.now() - changed > 1500) return;
    (question.closest('[data-testid="stChatMessage"]') || question).scrollIntoView({ block: "start" });
    setTimeout(hold, 80);
  };
  const settle = () => {
    changed = Date.now();
    const latest = document.querySelector(".attune-question[data-latest]");
    if (!latest || latest === question) return;
    question = latest;
    left = false;
    hold();
  };

  // Streamlit makes its own part of the page inert while a panel is open or the server is gone. The line "Help now" has
  // to work then too, so a copy of it stands outside of that part.
  const lift = () => {
    const line = document.querySelector(".stApp .attune-help");
    let top = document.getElementById("attune-top");
    if (!line || top) return;
    const look = getComputedStyle(document.querySelector(".stApp"));
    top = document.createElement("div");
    top.id = "attune-top";
    top.dataset.reactAriaTopLayer = "true";
    top.style.cssText = `font-family: ${look.fontFamily}; color: ${look.color}; color-scheme: ${look.colorScheme}`;
    top.append(line.cloneNode(true));
    document.body.append(top);
  };

  document.addEventListener("click", follow);
  new MutationObserver(() => { lift(); show(); settle(); }).observe(document.body, { childList: true, subtree: true });
  lift();
  show();
  settle();
})();
