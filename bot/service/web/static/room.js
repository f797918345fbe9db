// The live parts of the room and the board: what has changed is put in place, and nothing else is touched. Without it both
// can be read, and on the board one can act.
"use strict";

const at = id => document.getElementById(id);
const CHAT = document.body.dataset.chat || "";
const UNTIL = document.body.dataset.until || ""; // an earlier page of the chat: it stands still, and who speaks comes to the latest
const ON_BOARD = document.body.classList.contains("in-board");
const STORE = document.documentElement.dataset.store;
const TOKEN = document.querySelector("meta[name=token]").content;
const AWAY = "连接不上督办服务，正在重试；您写的还在。";

// What is remembered, of this store alone: it survives a reload.
const memory = {
  get: name => sessionStorage.getItem(STORE + name),
  set: (name, value) => sessionStorage.setItem(STORE + name, value),
  drop: name => sessionStorage.removeItem(STORE + name),
};

// ---------------------------------------------------------------- asking the service

function trouble(text) {
  const line = at("trouble");
  if (!line) { if (text) toast(text); return; }
  line.hidden = !text;
  line.textContent = text;
}

let away = false;

async function ask(path, options) {
  let answer, told;
  try {
    answer = await fetch(path, options);
    if (answer.status === 401) { leave(); return null; }
    told = await answer.json();
  } catch {
    told = { error: AWAY };
  }
  if (told.error) trouble(told.error);
  else if (away || options) trouble("");
  away = told.error === AWAY;
  return told.error ? null : told;
}

// Whoever is no longer signed in is shown how one signs in.
function leave() {
  if (ON_BOARD) location.reload(); else location.href = "/sign-in";
}

const post = (path, form) => ask(path, { method: "POST", body: form, headers: { "X-Duban-Token": TOKEN } });

// ---------------------------------------------------------------- what has changed

// Put the children of `html` into `box`, by their keys: what is the same stays the very node it was.
function patch(box, html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const old = new Map([...box.children].map(node => [node.dataset.key, node]));
  const held = document.activeElement;
  let before = box.firstElementChild;
  for (const node of [...fresh.content.children]) {
    const known = old.get(node.dataset.key);
    old.delete(node.dataset.key);
    if (known) keep(known, node);
    if (known && known.outerHTML === node.outerHTML) {
      if (known === before) before = before.nextElementSibling;
      else box.insertBefore(known, before);
    } else if (known) {
      const holds = known.contains(held);
      if (known === before) before = before.nextElementSibling;
      known.replaceWith(node);
      if (holds) hold(node, held);
    } else {
      box.insertBefore(node, before);
    }
  }
  for (const gone of old.values()) gone.remove();
}

// What is folded open stays open, and what was written into a form stays there.
function keep(known, node) {
  const foldsOf = one => one.matches("details") ? [one] : [...one.querySelectorAll("details")];
  const folds = foldsOf(node);
  foldsOf(known).forEach((one, place) => { if (folds[place]) folds[place].open = one.open; });
  for (const field of known.querySelectorAll("textarea, input:not([type=hidden])")) {
    const same = field.id && node.querySelector("#" + CSS.escape(field.id));
    if (same) same.value = field.value;
  }
}

// The focus stays where it was: on the same button of what has changed, else on what holds it.
function hold(node, held) {
  const { press, act, talk } = held.dataset;
  const name = press ? `[data-press="${CSS.escape(press)}"]` : act ? "[data-act]" : talk ? "a" : "";
  const same = name && node.querySelector(name);
  if (same) same.focus(); else { node.tabIndex = -1; node.focus(); }
}

let asking = null, again = null;

// Ask for what is there now. While one question is on its way one more waits, and is asked after it for all who came meanwhile.
function refresh() {
  if (asking) return again ??= asking.then(() => { again = null; return refresh(); });
  asking = look().finally(() => { asking = null; });
  return asking;
}

// On the board the page itself is asked for again, and its live parts are taken from it.
async function lookAgain() {
  let answer;
  try {
    answer = await fetch(location.href);
  } catch {
    away = true;
    return trouble(AWAY);
  }
  if (answer.status === 401) return leave();
  if (!answer.ok) return null;
  if (away) { away = false; toast("已重新连接。"); }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const box of document.querySelectorAll("[data-live]")) {
    const now = page.getElementById(box.id);
    if (now) patch(box, now.innerHTML);
  }
}

async function look() {
  if (ON_BOARD) return lookAgain();
  const now = await ask(`/api/now?chat=${CHAT}&until=${UNTIL}`);
  if (now) show(now);
}

function show(now) {
  patch(at("clock"), now.clock);
  if (!at("talks")) return;
  unmark();
  patch(at("talks"), now.talks);
  if (CHAT) {
    const said = at("said"), last = said.lastElementChild && said.lastElementChild.dataset.key, low = isLow();
    patch(said, now.said);
    patch(at("standing"), now.standing);
    fold();
    patch(at("awaits"), now.awaits);
    patch(at("waits"), now.waits);
    const newer = said.lastElementChild && said.lastElementChild.dataset.key !== last;
    if (low) toEnd(); else if (newer) at("newer").hidden = false;
  }
  mark();
}

// 在办清单 is one line on a phone and open at a desk, and as somebody has left it from then on.
function fold() {
  const list = at("standing").querySelector("details"), left = memory.get("standing" + CHAT);
  if (list) list.open = left === null ? !matchMedia("(max-width: 47rem)").matches : left === "open";
}

function folded(event) {
  const list = event.target.closest("summary") && event.target.closest("details");
  if (list) memory.set("standing" + CHAT, list.open ? "folded" : "open");
}

const isLow = () => { const box = at("said"); return box.scrollHeight - box.scrollTop - box.clientHeight < 60; };

function toEnd() {
  const box = at("said");
  box.scrollTop = box.scrollHeight;
  at("newer").hidden = true;
}

// ---------------------------------------------------------------- unread

// A chat is unread when it has said more than when it was last looked at; what was there on the first look is known.
function mark() {
  if (!at("talks")) return;
  for (const link of at("talks").querySelectorAll("a[data-talk]")) {
    const name = "seen" + link.dataset.talk;
    if (memory.get(name) === null || (link.dataset.talk === CHAT && !document.hidden)) memory.set(name, link.dataset.seen);
    const news = Number(link.dataset.seen) > Number(memory.get(name));
    if (news) link.classList.add("news");
    link.querySelector(".unread").hidden = !news;
  }
}

// What the page itself has added is taken away before the service's words are compared.
function unmark() {
  for (const link of at("talks").querySelectorAll("a.news")) {
    link.classList.remove("news");
    if (!link.classList.length) link.removeAttribute("class");
  }
  for (const dot of at("talks").querySelectorAll(".unread")) dot.hidden = true;
}

// ---------------------------------------------------------------- saying something

let toasting;

function toast(text) {
  at("toast").textContent = text;
  at("toast").classList.add("shown");
  clearTimeout(toasting);
  toasting = setTimeout(() => at("toast").classList.remove("shown"), 2500 + 60 * text.length);
}

const form = at("say");
let replyTo = "";

function who() {
  return form.who.value || form.other.value.trim();
}

function reply(number, words) {
  replyTo = number;
  at("reply").hidden = !number;
  at("reply").firstElementChild.textContent = "回复：" + words;
  if (number) form.text.focus();
}

async function say(what) {
  if (!who()) {
    form.other.hidden = false;
    trouble("请先写明您是谁。");
    form.other.focus();
    return false;
  }
  const body = new FormData();
  body.append("who", who());
  for (const [name, value] of what) body.append(name, value);
  const told = await post(`/api/chats/${CHAT}/say`, body);
  if (!told) return false;
  if (told.toast) toast(told.toast);
  if (UNTIL && told.outcome) location.href = "/chat/" + CHAT;
  refresh();
  return true;
}

let sending = false;

async function send(event) {
  event.preventDefault();
  if (sending) return;
  sending = true;
  await sendAll();
  sending = false;
}

// What was written is taken from the box only once the service has it.
async function sendAll() {
  const text = form.text.value, files = [...form.file.files];
  if (!text.trim() && !files.length) { form.text.focus(); return; }
  if (await say([["text", text], ["reply", replyTo], ...files.map(file => ["file", file])])) {
    form.text.value = "";
    form.file.value = "";
    memory.drop("draft" + CHAT);
    attached();
    reply("", "");
    toEnd();
  }
}

function attached() {
  const files = [...form.file.files], box = form.querySelector(".attach");
  box.classList.toggle("full", files.length > 0);
  box.lastElementChild.textContent = files.length ? files.map(file => file.name).join("、") : "文件";
}

function begin() {
  form.onsubmit = send;
  form.text.onkeydown = event => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
  };
  form.text.oninput = () => memory.set("draft" + CHAT, form.text.value);
  form.text.value = memory.get("draft" + CHAT) || "";
  form.file.onchange = attached;
  const chosen = memory.get("who" + CHAT);
  if ([...form.who.options].some(one => one.value === chosen)) form.who.value = chosen;
  form.other.value = memory.get("other" + CHAT) || "";
  form.other.oninput = () => memory.set("other" + CHAT, form.other.value);
  form.who.onchange = () => {
    memory.set("who" + CHAT, form.who.value);
    form.other.hidden = form.who.value !== "";
    if (!form.other.hidden) form.other.focus();
  };
  form.other.hidden = form.who.value !== "";
  at("reply").lastElementChild.onclick = () => reply("", "");
  at("newer").onclick = toEnd;
  at("standing").onclick = folded;
  fold();
  at("said").onscroll = () => { if (isLow()) at("newer").hidden = true; };
  arrive();
}

// Whoever comes for one message finds it, and the keyboard stands there; everybody else comes to the end.
function arrive() {
  const aim = at(location.hash.slice(1));
  if (!aim || !at("said").contains(aim)) { toEnd(); return; }
  aim.scrollIntoView({ block: aim.id === "later" ? "end" : "start" });
  aim.focus({ preventScroll: true });
}

// ---------------------------------------------------------------- files, opened in place

async function open(link) {
  const box = at("file"), inside = box.lastElementChild, kind = link.dataset.file.toLowerCase().split(".").pop();
  at("file-name").textContent = link.dataset.file;
  box.querySelector("a").href = link.href;
  box.querySelector("a").download = link.dataset.file;
  inside.replaceChildren(await shown(link.href, kind));
  box.showModal();
}

async function shown(address, kind) {
  if (["png", "jpg", "jpeg", "gif", "webp"].includes(kind)) return Object.assign(new Image(), { src: address, alt: "佐证" });
  if (kind === "pdf") return Object.assign(document.createElement("iframe"), { src: address, title: "佐证" });
  if (["txt", "csv", "md"].includes(kind)) {
    const answer = await fetch(address);
    return Object.assign(document.createElement("pre"), { textContent: await answer.text() });
  }
  return Object.assign(document.createElement("p"), { textContent: "浏览器不能直接显示这种文件，请保存后打开。" });
}

// ---------------------------------------------------------------- clicks

// A button that is at work stays where the focus is, and is not pressed twice.
async function press(button, doing) {
  if (button.ariaBusy) return;
  button.ariaBusy = "true";
  await doing();
  button.removeAttribute("aria-busy");
}

document.addEventListener("click", event => {
  const target = event.target.closest("[data-press], [data-reply], [data-act], [data-file], dialog .plain");
  if (!target) return;
  const { press: data, of, reply: number, act } = target.dataset;
  if (data) press(target, () => pressed(data, of));
  else if (number) reply(number, firstLine(target.closest(".m")));
  else if (act) press(target, () => turn(act));
  else if (target.dataset.file) { event.preventDefault(); open(target); }
  else target.closest("dialog").close();
});

// What was pressed may have to be answered in words: then that question is at hand, and what is written answers it.
async function pressed(data, of) {
  if (!await say([["press", data], ["reply", of]])) return;
  await refresh();
  const last = [...at("said").querySelectorAll("article")].pop();
  if (!last || !last.dataset.asks) return;
  toEnd();
  reply(last.dataset.asks, firstLine(last));
}

const firstLine = article => article.querySelector(".text").innerText.split("\n")[0].slice(0, 40);

async function turn(act) {
  const body = new FormData();
  body.append("act", act);
  if (await post("/api/clock", body)) await refresh();
}

if (CHAT) begin();
mark();
document.addEventListener("visibilitychange", () => { if (!document.hidden) mark(); });
const events = new EventSource(ON_BOARD ? "/board/events" : "/api/events");
events.onmessage = refresh;
events.onerror = () => { away = true; trouble(AWAY); };
