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
  const label = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.closest(".code").querySelector("pre").textContent);
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; }, 1500);
  });
}

const clock = document.querySelector("time[data-clock]");
if (clock && Number(clock.dataset.rate)) {
  const shown = Date.now();
  setInterval(() => {
    const now = Number(clock.dataset.clock) + (Date.now() - shown) * Number(clock.dataset.rate);
    clock.textContent = new Date(now + 8 * 3600 * 1000).toISOString().slice(0, 19).replace("T", " ");
  }, 1000);
}

const table = document.querySelector("table[data-live]");
if (table) follow(table);

function follow(table) {
  const rows = table.querySelector("tbody");
  const label = document.getElementById("live");
  const pause = document.getElementById("pause");
  let after = table.dataset.after;
  let paused = false;
  let isAway = false; // whether the emulator answers no more
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
    source.addEventListener("open", () => tell(false));
    let close = () => source.close();
    source.addEventListener("error", () => { // it tries again by itself, unless it was refused
      tell(true);
      if (source.readyState === EventSource.CLOSED) close = ask();
    });
    source.addEventListener("calls", (event) => show(event.data, event.lastEventId));
    return () => close();
  }

  function ask() {
    const timer = setInterval(async () => {
      try {
        const answer = await fetch(address("&once=1"));
        if (answer.ok) show(await answer.text(), answer.headers.get("X-Newest"));
        tell(!answer.ok);
      } catch {
        tell(true); // the next question tells whether it is back
      }
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

  function tell(away) {
    if (away === isAway) return;
    isAway = away;
    update();
  }

  function update() {
    const runs = !paused && !document.hidden;
    if (runs && !end) start();
    if (!runs && end) { end(); end = null; }
    label.textContent = paused ? label.dataset.off : isAway ? label.dataset.away : label.dataset.on;
    label.className = isAway && !paused ? "bad" : "live";
    pause.textContent = paused ? pause.dataset.goOn : pause.dataset.pause;
    pause.setAttribute("aria-pressed", String(paused));
  }

  label.hidden = pause.hidden = false;
  pause.addEventListener("click", () => { paused = !paused; update(); });
  document.addEventListener("visibilitychange", update);
  update();
}
