'use strict';
const run = JSON.parse(document.getElementById('run').textContent);
const at = id => document.getElementById(id);
// Every frame as the numbers of its rows; unchanged rows come from the frame before.
let rows = new Array(run.rows).fill(0);
const frames = run.frames.map(([time, ...changes]) => {
  rows = rows.slice();
  for (let i = 0; i < changes.length; i += 2) rows[changes[i]] = changes[i + 1];
  return {time, rows};
});
const first = frames.length ? frames[0].time : 0;
const last = Math.max(first, ...[frames, run.events.map(e => ({time: e[0]}))].map(l => l.length ? l[l.length - 1].time : first));
const origin = run.signal === null ? 0 : run.signal;
const idle = 2;
let time = first, playing = null, shown = [];

const row = ([text, ...strips]) => {
  const line = document.createDocumentFragment();
  const scalars = Array.from(text);
  let start = 0;
  for (let i = 0; i < strips.length; i += 3) {
    const [count, columns, style] = strips.slice(i, i + 3);
    const piece = document.createElement('span');
    piece.textContent = scalars.slice(start, start + count).join('');
    piece.className = names(style, columns);
    line.append(piece);
    start += count;
  }
  return line;
};
const names = (style, columns) => {
  const list = ['i' + (style & 7)];
  const emphasis = (style & 127) >> 3;
  if (emphasis & 1) list.push('b');
  if (emphasis & 4) list.push('r');
  if (emphasis & 8) list.push('u');
  if (style & 128) list.push(columns === 2 ? 'w' : 'g');
  return list.join(' ');
};

// The last of a sorted list that is not after the moment; -1 where there is none.
const before = (list, moment, key) => {
  let low = 0, high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(list[middle]) <= moment) low = middle + 1; else high = middle;
  }
  return low - 1;
};
const relative = t => (run.signal === null ? '' : t < origin ? '−' : '+') + Math.abs(t - origin).toFixed(3) + ' s';

const show = moment => {
  time = Math.min(last, Math.max(first, moment));
  const frame = frames[Math.max(0, before(frames, time, f => f.time))];
  if (frame) frame.rows.forEach((index, number) => {
    if (shown[number] === index) return;
    at('rows').children[number].replaceChildren(row(run.table[index]));
    shown[number] = index;
  });
  at('time').value = time;
  at('time').setAttribute('aria-valuetext', relative(time));
  at('clock').textContent = relative(time) + (run.signal === null ? '' : ' since ' + run.name);
  const waiting = frame && frame.rows.length > 1 ? run.table[frame.rows[1]][0].trim() : '';
  const words = waiting || (frame ? run.table[frame.rows[0]][0].trim().replace(/\s+/g, ' ') : '');
  if (at('now').textContent !== words) at('now').textContent = words;
  markEvents();
};

let current = -2;
const markEvents = () => {
  const index = before(run.events, time, e => e[0]);
  if (index === current) return;
  const items = at('events').children;
  for (let i = 0; i < items.length; i += 1) items[i].firstChild.classList.toggle('later', i > index);
  if (items[current]) items[current].firstChild.removeAttribute('aria-current');
  current = index;
  if (!items[index]) return;
  items[index].firstChild.setAttribute('aria-current', 'true');
  at('events').scrollTop = items[index].offsetTop - at('events').offsetTop - at('events').clientHeight / 2;
};

const pause = () => {
  if (playing !== null) cancelAnimationFrame(playing);
  playing = null;
  at('play').textContent = '▶ play';
};
const play = () => {
  if (time >= last) show(first);
  at('play').textContent = '❚❚ pause';
  let then = performance.now();
  const tick = now => {
    const next = frames[before(frames, time, f => f.time) + 1];
    let moment = time + (now - then) / 1000 * Number(at('speed').value);
    then = now;
    // Nothing to see for a while: go on to where something is.
    if (next && next.time - time > idle) moment = Math.max(moment, next.time - idle);
    show(moment);
    if (time >= last) pause(); else playing = requestAnimationFrame(tick);
  };
  playing = requestAnimationFrame(tick);
};
const go = moment => { pause(); show(moment); };
const jump = (list, key, ahead) => {
  const index = before(list, ahead ? time : time - 1e-9, key);
  const found = list[ahead ? index + 1 : index];
  go(found ? key(found) : ahead ? last : first);
};
const actions = {
  play: () => playing === null ? play() : pause(),
  back: () => go(time - 5), ahead: () => go(time + 5),
  stepBack: () => jump(run.events, e => e[0], false), step: () => jump(run.events, e => e[0], true),
  previous: () => jump(run.marks, m => m[0], false), next: () => jump(run.marks, m => m[0], true),
  home: () => go(first), end: () => go(last),
  help: () => { at('help').open = !at('help').open; },
};
const keys = {' ': 'play', ArrowLeft: 'back', ArrowRight: 'ahead', ',': 'stepBack', '.': 'step', '[': 'previous',
  ']': 'next', Home: 'home', End: 'end', '?': 'help'};

for (let i = 0; i < run.rows; i += 1) at('rows').append(document.createElement('div'));
Object.assign(at('time'), {min: first, max: last});
for (const [moment, name] of run.marks) {
  const mark = document.createElement('span');
  const share = last > first ? (moment - first) / (last - first) * 100 : 0;
  if (share > 85) mark.style.right = 100 - share + '%'; else mark.style.left = share + '%';
  if (share > 85) mark.classList.add('flipped');
  mark.title = name + ' ' + relative(moment);
  if (name.startsWith('SIG') && name !== 'SIGNALLED') {
    mark.classList.add('signal');
    mark.textContent = name;
  }
  at('marks').append(mark);
}
for (const [moment, source, text, weight] of run.events) {
  const item = document.createElement('li');
  const button = document.createElement('button');
  for (const words of [relative(moment), source, text]) {
    button.append(Object.assign(document.createElement('span'), {textContent: words}));
  }
  button.className = 'w' + weight;
  button.addEventListener('click', () => go(moment));
  item.append(button);
  at('events').append(item);
}
for (const id of ['play', 'back', 'ahead', 'stepBack', 'step', 'previous', 'next']) {
  at(id).addEventListener('click', actions[id]);
}
at('time').addEventListener('input', () => go(Number(at('time').value)));
document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.tagName === 'SELECT') return;
  const isButton = event.target.tagName === 'BUTTON' || event.target.tagName === 'SUMMARY';
  if (isButton && event.key === ' ') return;
  const digit = '0123456789'.indexOf(event.key);
  const action = digit >= 0 && event.key.length === 1 ? () => go(first + (last - first) * digit / 10) : actions[keys[event.key]];
  if (!action) return;
  event.preventDefault();
  action();
});
const follow = () => {
  const wanted = /^#t=([+-]?)(\d+(?:\.\d+)?)$/.exec(location.hash);
  if (wanted) go(wanted[1] ? origin + Number(wanted[1] + wanted[2]) : Number(wanted[2]));
  return Boolean(wanted);
};
addEventListener('hashchange', follow);
if (!follow()) show(run.start);
