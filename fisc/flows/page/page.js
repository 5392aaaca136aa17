"use strict";
(() => {
  const at = (id) => (id ? document.getElementById(id) : null);
  const led = (link) => at((link.getAttribute("href") || "").slice(1));
  const targets = (el) => {
    const links = el.matches("a[href]") ? [el] : [...el.querySelectorAll('a[href^="#"]')];
    const there = links.map(led).filter(Boolean);
    const back = [...document.querySelectorAll(`a[href="#${el.id}"]`)].filter((a) => a.closest(".sheet"));
    return [...there, ...back];
  };
  const narrow = matchMedia("(max-width: 900px)");

  // Show what the address names, and all that belongs to it, on both sides of the page.
  const show = () => {
    document.querySelectorAll(".on").forEach((el) => el.classList.remove("on"));
    const el = at(decodeURIComponent(location.hash.slice(1)));
    if (!el || el.matches(".sheet, .index")) return;
    const all = [el, ...targets(el)].filter((each) => !each.matches(".sheet"));
    all.forEach((each) => each.classList.add("on"));
    for (let fold = el.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) fold.open = true;
    const zoomed = el.closest(".sheet")?.querySelector(".zoom:checked");
    const side = all.find((each) => each.closest(".beside"));
    const seen = narrow.matches || zoomed || !side ? el : side;
    seen.scrollIntoView({ block: "center", inline: "nearest" });
  };
  addEventListener("hashchange", show);
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) show();
  });

  // One stop of the tab key for each picture; the arrows go from box to box.
  document.querySelectorAll("[data-rove]").forEach((group) => {
    const boxes = [...group.querySelectorAll("a")];
    boxes.forEach((box, i) => box.setAttribute("tabindex", i ? "-1" : "0"));
    group.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      const now = boxes.indexOf(document.activeElement);
      const next = boxes[now + step];
      if (!step || now < 0 || !next) return;
      event.preventDefault();
      boxes[now].setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    });
  });

  // n and p go through the findings.
  const cards = [...document.querySelectorAll(".card")];
  let current = -1;
  addEventListener("keydown", (event) => {
    const step = { n: 1, p: -1 }[event.key];
    if (!step || !cards.length || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input")) return;
    const named = cards.findIndex((card) => `#${card.id}` === location.hash);
    current = ((named < 0 ? current : named) + step + cards.length) % cards.length;
    location.hash = cards[current].id;
    cards[current].focus({ preventScroll: true });
  });

  // The page on view is marked in the bar.
  const links = new Map([...document.querySelectorAll(".pages a")].map((a) => [a.hash.slice(1), a]));
  const watch = new IntersectionObserver(
    (seen) =>
      seen.forEach((one) => {
        const link = links.get(one.target.id);
        if (!link) return;
        link.classList.toggle("here", one.isIntersecting);
        if (one.isIntersecting) link.parentElement.scrollLeft = link.offsetLeft - link.parentElement.clientWidth / 2;
      }),
    { rootMargin: "-20% 0px -70% 0px" },
  );
  document.querySelectorAll(".sheet").forEach((sheet) => watch.observe(sheet));
  show();
})();
