"use strict";
(() => {
  const open = (link) => link && location.assign(link.href);
  const one = (selector) => document.querySelector(selector);

  // What is selected on a page can be decided upon: an amount corrected, a finding waived.
  const bar = one("#selected");
  const select = () => {
    if (!bar) return;
    const [, kind, number] = location.hash.match(/^#([bcgf])(\d+)$/) || [];
    const amount = kind === "b" || kind === "c";
    const shown = number && document.getElementById((amount ? "c" : "f") + number);
    bar.hidden = !shown;
    if (!shown) return;
    bar.firstElementChild.textContent = amount ? shown.title : "";
    const act = bar.querySelector(".act");
    act.href = `${bar.dataset.base}/${amount ? "cell" : "finding"}/${number}`;
    const decide = amount ? null : shown.querySelector(".decide");
    bar.hidden = !amount && !decide;
    bar.dataset.amount = amount ? act.dataset.words || (act.dataset.words = act.textContent) : "";
    act.textContent = amount ? act.dataset.words || act.textContent : decide ? decide.textContent : act.textContent;
  };
  if (bar) {
    const act = bar.querySelector(".act");
    act.dataset.words = act.textContent;
    addEventListener("hashchange", select);
    select();
  }

  // Documents of the list, one after the other.
  const rows = [...document.querySelectorAll(".documents tbody tr")];
  let at = -1;
  const go = (step) => {
    if (!rows.length) return open(one(step > 0 ? ".turn [rel=next]" : ".turn [rel=prev]"));
    rows[at]?.classList.remove("here");
    at = Math.min(Math.max(at + step, 0), rows.length - 1);
    rows[at].classList.add("here");
    rows[at].querySelector("a").focus();
  };
  const keys = {
    j: () => go(1),
    k: () => go(-1),
    "]": () => open(one(".turn .after")),
    "[": () => open(one(".turn .before")),
    e: () => bar && !bar.hidden && open(bar.querySelector(".act")),
    "/": () => (one("#search") ? one("#search").focus() : location.assign("/#search")),
    "?": () => {
      const help = one("#keys");
      help.open = !help.open;
      if (help.open) help.scrollIntoView();
    },
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });

  // A document that is being read again is shown anew when that is done.
  const running = one("[data-progress]");
  const look = async () => {
    const answer = await fetch(running.dataset.progress, { cache: "no-store" }).catch(() => null);
    if (answer && answer.ok && !(await answer.json()).running) location.replace(location.pathname + location.hash);
    else setTimeout(look, 1000);
  };
  if (running) setTimeout(look, 700);
})();
