/* The reading version's behaviour: light and dark, contents that follow the text, search, and the provenance of a number.
   No dependency, no request, no state but the chosen appearance. */
"use strict";
(() => {
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const { words, trace } = JSON.parse(find("#data").textContent);
  const results = new Map(trace.results.map((result) => [result.id, result]));
  const main = find("main"), bar = find(".bar"), nav = find("#contents");
  const canPop = "popover" in HTMLElement.prototype;

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const said = (key, fields) => words[key].replace(/\{(\w+)\}/g, (_, name) => fields[name]);

  // ---------------------------------------------------------------- light and dark

  const root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)");
  const KEY = "studygen-theme";
  const remembered = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
  if (["light", "dark"].includes(remembered())) root.dataset.theme = remembered();
  const themeButton = find(".theme");
  themeButton.hidden = false;
  themeButton.addEventListener("click", () => {
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    try { localStorage.setItem(KEY, root.dataset.theme); } catch { /* a file may be refused storage */ }
  });

  // ---------------------------------------------------------------- contents

  const fitBar = () => {
    const height = `${bar.offsetHeight}px`;
    root.style.setProperty("--top", height);
    root.style.scrollPaddingTop = `calc(${height} + 1.2rem)`;
  };
  fitBar();
  addEventListener("resize", fitBar);

  const opened = (button, open) => button.setAttribute("aria-expanded", String(open));
  for (const list of all(".sections li > ul")) {
    const link = find(":scope > a", list.parentElement);
    const name = nav.dataset.fold.replace("{title}", link.textContent);
    const button = make("button", { type: "button", class: "fold", "aria-expanded": "false", "aria-label": name });
    link.after(button);
    button.addEventListener("click", () => opened(button, button.getAttribute("aria-expanded") === "false"));
  }
  const entries = new Map(all(".sections a").map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const headings = [...entries.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  let current = null, unfolded = [];
  const follow = () => {
    const edge = bar.offsetHeight + 60;
    let low = 0, high = headings.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (headings[middle].getBoundingClientRect().top <= edge) low = middle + 1; else high = middle;
    }
    const link = low ? entries.get(headings[low - 1].id) : null;
    if (link === current) return;
    current?.removeAttribute("aria-current");
    current = link;
    link?.setAttribute("aria-current", "true");
    const path = [];
    for (let item = link?.closest("li"); item; item = item.parentElement.closest("li")) {
      const fold = find(":scope > .fold", item);
      if (fold) path.push(fold);
    }
    // What following has opened it closes again; what the reader has opened stays.
    for (const fold of unfolded) if (!path.includes(fold)) opened(fold, false);
    const closed = path.filter((fold) => fold.getAttribute("aria-expanded") === "false");
    unfolded = [...unfolded.filter((fold) => path.includes(fold)), ...closed];
    closed.forEach((fold) => opened(fold, true));
    if (link && nav.offsetParent !== null) {
      const box = nav.getBoundingClientRect(), line = link.getBoundingClientRect();
      if (line.top < box.top + 40 || line.bottom > box.bottom - 40) nav.scrollTop += line.top - box.top - box.height / 3;
    }
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; follow(); });
  }, { passive: true });
  follow();
  nav.addEventListener("click", (event) => {
    if (canPop && event.target.closest("a") && nav.matches(":popover-open")) nav.hidePopover();
  });

  // A table that fits keeps its head in sight; a box that scrolls sideways can be reached and scrolled with the keyboard.
  const reachable = () => {
    const boxes = all(".display, figure");
    boxes.forEach((box) => box.classList.remove("roomy"));
    const wide = boxes.map((box) => box.scrollWidth > box.clientWidth + 1);
    boxes.forEach((box, position) => {
      box.classList.toggle("roomy", !wide[position]);
      if (!wide[position]) { for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name); return; }
      box.tabIndex = 0;
      box.setAttribute("role", box.tagName === "DIV" ? "region" : "figure");
      box.setAttribute("aria-label", find("caption, figcaption", box)?.textContent ?? "");
    });
  };
  reachable();
  addEventListener("resize", reachable);

  // ---------------------------------------------------------------- search

  const search = find(".search"), input = find("input", search), count = find("output", search);
  const [previous, next] = [find(".previous", search), find(".next", search)];
  search.hidden = false;
  let hits = [], at = -1;
  const BLOCKS = "p, li, th, td, caption, figcaption, h1, h2, h3, h4, h5, .display-notes";
  // One character for one, so that places in the plain text are places in the document.
  const plain = (text) => text.replace(/[\s\u00a0\u2009\u202f]/g, " ").replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/[\u2018\u2019]/g, "'").replace(/./gsu, (one) => (one.toLowerCase().length === one.length ? one.toLowerCase() : one));
  const clear = () => {
    for (const mark of all("mark", main)) {
      const parent = mark.parentNode;
      mark.replaceWith(...mark.childNodes);
      parent.normalize();
    }
    hits = [];
    at = -1;
  };
  const runsOfText = () => {
    // Text nodes joined within their block, so that a match may reach over a change of type.
    const groups = new Map(), walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement.closest("[popover]")) continue;
      const block = node.parentElement.closest(BLOCKS) ?? main;
      if (!groups.has(block)) groups.set(block, []);
      groups.get(block).push(node);
    }
    return groups.values();
  };
  const mark = (nodes, start, end, hit) => {
    let from = 0;
    for (const node of nodes) {
      const length = node.data.length, first = Math.max(start, from) - from, last = Math.min(end, from + length) - from;
      if (first < last) hit.push({ node, first, last });
      from += length;
    }
  };
  const look = () => {
    clear();
    const wanted = plain(input.value.trim());
    if (wanted.length > 1) {
      const found = [];
      for (const nodes of runsOfText()) {
        const text = plain(nodes.map((node) => node.data).join(""));
        for (let place = text.indexOf(wanted); place >= 0; place = text.indexOf(wanted, place + wanted.length)) {
          const hit = [];
          mark(nodes, place, place + wanted.length, hit);
          found.push(hit);
        }
      }
      hits = found.map(() => []);
      // From the end, so that splitting a text leaves the places before it as they are.
      for (let number = found.length - 1; number >= 0; number--) {
        for (const { node, first, last } of found[number].reverse()) {
          const range = document.createRange(), element = make("mark");
          range.setStart(node, first);
          range.setEnd(node, last);
          range.surroundContents(element);
          hits[number].unshift(element);
        }
      }
    }
    const below = hits.findIndex(([first]) => first.getBoundingClientRect().top >= bar.offsetHeight);
    go(hits.length ? Math.max(below, 0) : -1);
  };
  const go = (number) => {
    hits[at]?.forEach((element) => element.classList.remove("now"));
    at = number;
    hits[at]?.forEach((element) => element.classList.add("now"));
    hits[at]?.[0].scrollIntoView({ block: "center" });
    const empty = input.value.trim().length < 2;
    count.textContent = empty ? "" : hits.length ? said("search_count", { number: at + 1, count: hits.length }) : words.search_none;
    previous.disabled = next.disabled = hits.length < 2;
  };
  const step = (by) => { if (hits.length) go((at + by + hits.length) % hits.length); };
  previous.disabled = next.disabled = true;
  let pause;
  input.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(look, 120); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); step(event.shiftKey ? -1 : 1); }
    if (event.key === "Escape") { event.preventDefault(); input.value = ""; look(); input.blur(); }
  });
  previous.addEventListener("click", () => step(-1));
  next.addEventListener("click", () => step(1));
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input")) return;
    event.preventDefault();
    input.focus();
    input.select();
  });

  // ---------------------------------------------------------------- provenance

  const panel = find("#provenance"), facts = find(".facts", panel);
  const lines = (rows) => {
    const runs = [];
    for (const row of rows) {
      if (runs.length && row === runs.at(-1)[1] + 1) runs.at(-1)[1] = row; else runs.push([row, row]);
    }
    return said("trace_lines", { lines: runs.map(([first, last]) => (first === last ? first : `${first}–${last}`)).join(", ") });
  };
  const exact = (number) => (typeof number === "number" ? String(number) : { infinity: "∞", "-infinity": "−∞" }[number]);
  const fill = (id, trail) => {
    const result = results.get(id), list = make("dl");
    const add = (key, ...content) => { if (content.length) list.append(make("dt", {}, words[key]), make("dd", {}, ...content)); };
    const { value, lower, upper, level } = result.exact;
    if (result.state_text) add("trace_state", result.state_text);
    if (value !== undefined) add("trace_exact", exact(value));
    if (lower !== undefined && upper !== undefined) {
      const percent = Number((level * 100).toPrecision(6));
      add("trace_interval", said("trace_limits", { lower: exact(lower), upper: exact(upper), level: percent, interval: result.interval }));
    }
    add("trace_unit", result.unit);
    add("trace_method", make("code", {}, result.method));
    add("trace_formula", result.formula);
    const work = result.doi ? make("a", { href: `https://doi.org/${result.doi}`, rel: "noreferrer" }, result.citation) : result.citation;
    add("trace_reference", work);
    add("trace_inputs", ...result.inputs.map((each) => {
      const button = make("button", { type: "button", class: "input" }, make("code", {}, each.id), ` ${each.shown}`);
      button.addEventListener("click", () => { fill(each.id, [...trail, id]); panel.focus(); });
      return make("div", {}, button);
    }));
    add("trace_sources", ...result.sources.map((source) => make("div", {}, source.name,
      make("span", { class: "file" }, make("code", {}, source.file), `, ${lines(source.rows)}`),
      make("code", { class: "hash" }, `SHA-256 ${source.sha256}`))));
    add("trace_notes", ...result.notes.map((note) => make("div", {}, note)));
    const places = result.used.filter((place) => place.target);
    add("trace_used", ...places.flatMap((place, position) => {
      const name = [place.section, place.display].filter(Boolean).join(", ");
      return [position ? "; " : "", make("a", { href: `#${place.target}` }, name)];
    }));
    const head = make("h2", { id: "provenance-number" }, result.shown);
    facts.replaceChildren(head, make("p", { class: "id" }, make("code", {}, id)), list);
    if (trail.length) {
      const back = make("button", { type: "button", class: "back" }, `‹ ${words.back}`);
      back.addEventListener("click", () => { fill(trail.at(-1), trail.slice(0, -1)); panel.focus(); });
      facts.prepend(back);
    }
    const row = all("a.value").find((link) => link.dataset.result === id);
    if (row) facts.append(make("p", { class: "more" }, make("a", { href: row.getAttribute("href") }, words.trace_row)));
    panel.scrollTop = 0;
  };
  const place = (number) => {
    const box = number.getBoundingClientRect(), width = panel.offsetWidth, height = panel.offsetHeight;
    const room = root.clientHeight - box.bottom, above = box.top - bar.offsetHeight;
    const top = room > height + 12 || room > above ? box.bottom + 8 : Math.max(box.top - height - 8, bar.offsetHeight + 4);
    panel.style.top = `${top + scrollY}px`;
    panel.style.left = `${Math.max(8, Math.min(box.left - 16, root.clientWidth - width - 12)) + scrollX}px`;
  };
  let asked = null;
  const ask = (number) => {
    fill(number.dataset.result, []);
    asked?.classList.remove("asked");
    asked = number;
    panel.showPopover();
    number.classList.add("asked");
    if (getComputedStyle(panel).position === "absolute") place(number); else panel.removeAttribute("style");
    panel.focus({ preventScroll: true });
  };
  const traced = (event) => {
    const number = event.target.closest?.(".value");
    return number && results.has(number.dataset.result) && canPop ? number : null;
  };
  for (const number of all("span.value")) {
    if (canPop && results.has(number.dataset.result)) { number.tabIndex = 0; number.setAttribute("role", "button"); }
  }
  for (const number of all(".value")) if (results.has(number.dataset.result)) number.setAttribute("aria-haspopup", "dialog");
  main.addEventListener("click", (event) => {
    const number = traced(event);
    // With a modifier, a number is the link that it is: to its row in the annex.
    if (!number || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    ask(number);
  });
  main.addEventListener("keydown", (event) => {
    const number = traced(event);
    if (!number || number.tagName === "A" || !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    ask(number);
  });
  panel.addEventListener("toggle", (event) => {
    if (event.newState === "closed") asked?.classList.remove("asked");
  });
  panel.addEventListener("click", (event) => { if (event.target.closest("a[href^='#']")) panel.hidePopover(); });
  const hint = find(".hint");
  if (canPop && find(".value")) hint.hidden = false;
})();
