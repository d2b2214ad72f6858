// What a page cannot do without a script: show calls as they come, copy code, ask before something is lost.
"use strict";

const STREAMS = 4; // a browser opens six connections to a host: two stay free for pages
const ASK_EVERY = 2000; // milliseconds, for a page that finds no stream free
const MOST_ROWS = 200;

for (const form of document.querySelectorAll("form[data-confirm]")) {
  form.addEventListener("submit", (event) => {
    if (!confirm(form.dataset.confirm)) event.preventDefault();
  });
}

for (const button of document.querySelectorAll(".copy")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", () => navigator.clipboard.writeText(button.nextElementSibling.textContent));
}

const table = document.querySelector("table[data-live]");
if (table) follow(table);

function follow(table) {
  const rows = table.querySelector("tbody");
  const label = document.getElementById("live");
  const pause = document.getElementById("pause");
  let after = table.dataset.after;
  let paused = false;
  let end = null; // ends what is running now

  function show(html, newest) {
    after = newest || after;
    if (!html.trim()) return;
    rows.insertAdjacentHTML("afterbegin", html);
    while (rows.rows.length > MOST_ROWS) rows.deleteRow(-1);
    document.getElementById("none")?.remove();
  }

  const address = (extra) => `${table.dataset.live}${table.dataset.live.endsWith("?") ? "" : "&"}after=${after}${extra}`;

  function stream() {
    const source = new EventSource(address(""));
    source.addEventListener("calls", (event) => show(event.data, event.lastEventId));
    return () => source.close();
  }

  function ask() {
    const timer = setInterval(async () => {
      try {
        const answer = await fetch(address("&once=1"));
        if (answer.ok) show(await answer.text(), answer.headers.get("X-Newest"));
      } catch { /* the emulator is away; the next question tells */ }
    }, ASK_EVERY);
    return () => clearInterval(timer);
  }

  // One of a few locks, shared by all pages of this emulator, is the right to a stream.
  async function start() {
    let isWanted = true;
    let stop = () => {};
    end = () => { isWanted = false; stop(); };
    if (!navigator.locks) { stop = ask(); return; }
    for (let place = 0; place < STREAMS && isWanted; place += 1) {
      const got = await new Promise((answered) => {
        navigator.locks.request(`bm-emulator-${place}`, { ifAvailable: true }, (lock) => {
          answered(Boolean(lock));
          if (!lock || !isWanted) return undefined;
          const close = stream();
          return new Promise((free) => { stop = () => { close(); free(); }; });
        });
      });
      if (got) return;
    }
    if (isWanted) stop = ask();
  }

  function update() {
    const runs = !paused && !document.hidden;
    if (runs && !end) start();
    if (!runs && end) { end(); end = null; }
    label.textContent = paused ? label.dataset.off : label.dataset.on;
    pause.textContent = paused ? pause.dataset.goOn : pause.dataset.pause;
    pause.setAttribute("aria-pressed", String(paused));
  }

  label.hidden = pause.hidden = false;
  pause.addEventListener("click", () => { paused = !paused; update(); });
  document.addEventListener("visibilitychange", update);
  update();
}
