// What Streamlit cannot do by itself: markers that open their source, links that keep the conversation, and a marked
// quote that comes into view. Nothing is sent anywhere.
(() => {
  if (window.attuneReady) return;
  window.attuneReady = true;

  let pressed = "";
  const follow = (event) => {
    const marker = event.target.closest("[data-press]");
    if (marker) {
      document.querySelector(`.st-key-${CSS.escape(marker.dataset.press)} button`)?.click();
      pressed = marker.dataset.press;
      return;
    }
    if (!event.target.closest('[role="dialog"]')) pressed = "";
    const link = event.target.closest("a[data-section]");
    if (!link) return;
    const ending = `-${link.dataset.section.replaceAll("/", "-")}`;
    const inPlace = [...document.querySelectorAll('[class*="st-key-goto-"]')].filter((one) =>
      [...one.classList].some((name) => name.startsWith("st-key-goto-") && name.endsWith(ending))).pop();
    if (inPlace) {
      event.preventDefault();
      inPlace.querySelector("button").click();
      return;
    }
    const wanted = `section=${link.dataset.section}`;
    const inApp = [...document.querySelectorAll('[data-testid="stPageLink"] a')].find((a) =>
      decodeURIComponent(a.getAttribute("href") || "").endsWith(wanted));
    if (inApp) {
      event.preventDefault();
      inApp.click();
    }
  };

  // An address that is taken along has to say where the server is.
  const whole = (text) => text.replace(/(^|\]\()\/read\?/g, `$1${location.origin}/read?`);
  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Outside of a secure context there is only the old way.
      const field = document.createElement("textarea");
      field.value = text;
      (document.querySelector('[role="dialog"]') || document.body).append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
  };
  const act = async (event) => {
    const button = event.target.closest("[data-copy], [data-download]");
    if (!button) return;
    if (button.dataset.download !== undefined) {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([whole(button.dataset.download)], { type: "text/markdown" }));
      link.download = button.dataset.downloadAs;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
      return;
    }
    const label = button.textContent;
    button.textContent = (await copied(whole(button.dataset.copy))) ? button.dataset.copyAs : "Could not copy";
    setTimeout(() => { button.textContent = label; }, 2000);
  };

  // Opening a panel draws the answer anew, so the marker that had the focus is gone when the panel closes.
  let panel = false;
  const giveBack = () => {
    const open = document.querySelector('[role="dialog"]') !== null;
    if (panel && !open && pressed) {
      const marker = `[data-press="${CSS.escape(pressed)}"]`;
      setTimeout(() => {
        if (document.activeElement === document.body) document.querySelector(marker)?.focus();
      }, 150);
    }
    panel = open;
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

  // Streamlit makes its own part of the page inert while a panel is open or the server is gone. The bar has to work then
  // too, so a copy of it stands outside of that part; in its look, which changes when the system turns dark or light.
  const lift = () => {
    const app = document.querySelector(".stApp");
    const bar = app?.querySelector(".attune-bar");
    if (!bar || document.getElementById("attune-top")) return;
    const top = document.createElement("div");
    const dress = () => {
      const look = getComputedStyle(app);
      top.style.cssText = `font-family: ${look.fontFamily}; color: ${look.color}; color-scheme: ${look.colorScheme}`;
    };
    top.id = "attune-top";
    top.dataset.reactAriaTopLayer = "true";
    top.append(bar.cloneNode(true));
    dress();
    new MutationObserver(dress).observe(app, { attributes: true, attributeFilter: ["class"] });
    document.body.append(top);
  };

  // The page goes blank at once, whatever the network does; replacing the address leaves nothing to come back to here.
  const leave = () => {
    const address = document.querySelector("[data-leave]")?.dataset.leave || "about:blank";
    document.title = "";
    document.documentElement.replaceChildren();
    window.location.replace(address);
  };
  let presses = [];
  const count = (event) => {
    if (event.key !== "Shift" || event.repeat) {
      if (event.key !== "Shift") presses = [];
      return;
    }
    presses = [...presses, Date.now()].filter((at) => Date.now() - at < 5000);
    if (presses.length >= 3) leave();
  };
  document.addEventListener("keydown", count, true);
  document.addEventListener("mousedown", () => { presses = []; }, true);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-leave]")) leave(); }, true);

  // A browser keeps what stands in a field on the disk, to restore it; not where this says so.
  const keepUnwritten = () => {
    for (const field of document.querySelectorAll("textarea, input")) field.autocomplete = "off";
  };

  document.addEventListener("click", follow);
  document.addEventListener("click", act);
  new MutationObserver(() => { lift(); giveBack(); show(); settle(); keepUnwritten(); }).observe(document.body, { childList: true, subtree: true });
  lift();
  show();
  settle();
  keepUnwritten();
})();
