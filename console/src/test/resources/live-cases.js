// What own/live.js must do, on a page whose clock, chance, server and viewer are these: "source" is that file.
(async () => {
  'use strict';
  const failures = [];
  const expect = (isSo, what) => isSo || failures.push(what);
  const MINUTE = 60 * 1000;

  // Things that happen are told to who listens for them.
  function listened(thing) {
    const all = {};
    thing.addEventListener = (kind, task) => (all[kind] = all[kind] || []).push(task);
    thing.tell = (kind) => (all[kind] || []).forEach((task) => task());
    return thing;
  }

  function open(given) {
    const page = { fetched: [], streams: [], asked: [], reloads: 0, isRefused: false, chance: 0.5, answer: null };
    let now = 0;
    let last = 0;
    const timers = new Map();
    const at = (task, when, every) => {
      timers.set((last += 1), { task, when, every });
      return last;
    };
    page.pass = async (time) => {
      const end = now + time;
      for (;;) {
        const [id, next] = [...timers].sort((one, other) => one[1].when - other[1].when)[0] || [];
        if (!next || next.when > end) {
          break;
        }
        now = next.when;
        timers.delete(id);
        if (next.every) {
          at(next.task, now + next.every, next.every);
        }
        next.task();
      }
      now = end;
      await new Promise((done) => setTimeout(done));
    };

    const classes = new Set();
    const live = {
      hasAttribute: (name) => name === 'data-wall' && given.isWall,
      classList: {
        add: (name) => classes.add(name),
        remove: (name) => classes.delete(name),
        toggle: (name, isOn) => (isOn ? classes.add(name) : classes.delete(name)),
      },
    };
    page.is = (name) => classes.has(name);
    page.button = given.isWall ? null : listened({});
    page.document = listened({
      hidden: false,
      body: { dispatchEvent: () => page.fetched.push(now) },
      getElementById: (id) => ({ live, pause: page.button })[id] || null,
    });
    page.show = (isShown) => {
      page.document.hidden = !isShown;
      page.document.tell('visibilitychange');
    };
    class EventSource {
      constructor(address) {
        listened(this);
        this.address = address;
        page.streams.push(this);
        this.readyState = 0;
        at(() => {
          if (this.readyState !== EventSource.CLOSED) {
            this.readyState = page.isRefused ? EventSource.CLOSED : 1;
            this.tell(page.isRefused ? 'error' : 'open');
          }
        }, now);
      }
      close() {
        this.readyState = EventSource.CLOSED;
      }
    }
    EventSource.CLOSED = 2;
    page.stream = () => page.streams[page.streams.length - 1];

    const window = {
      setTimeout: (task, time) => at(task, now + time),
      setInterval: (task, time) => at(task, now + time, time),
      clearTimeout: (id) => timers.delete(id),
      location: { href: 'https://console.example/dashboards/strategic?wall', reload: () => (page.reloads += 1) },
      fetch: (address, how) => {
        page.asked.push(`${address} ${how.redirect}`);
        return page.answer ? Promise.resolve(page.answer) : Promise.reject(new TypeError('away'));
      },
    };
    page.isRefused = Boolean(given.isRefused);
    new Function('window', 'document', 'EventSource', 'CustomEvent', 'Date', 'Math', source)(
      window,
      page.document,
      EventSource,
      class {},
      { now: () => now },
      { random: () => page.chance },
    );
    return page;
  }

  // All are told in the same instant, and ask within five seconds of it.
  for (const chance of [0, 0.5, 0.99]) {
    const page = open({});
    await page.pass(1);
    expect(page.is('on'), 'a dashboard follows');
    page.chance = chance;
    page.stream().tell('changed');
    page.stream().tell('changed');
    await page.pass(10 * 1000);
    expect(String(page.fetched) === String(1 + chance * 5000), `at ${page.fetched} of chance ${chance}`);
  }

  // Who is refused asks by itself, and once a time however often the page is looked at.
  const refused = open({ isRefused: true });
  await refused.pass(1);
  expect(!refused.is('on'), 'a dashboard that is refused does not follow');
  for (let i = 0; i < 5; i += 1) {
    refused.show(false);
    refused.show(true);
    await refused.pass(1);
  }
  const streams = refused.streams.length;
  await refused.pass(76 * 1000);
  expect(refused.streams.length === streams + 1, `${refused.streams.length - streams} ask for one page`);
  for (const [chance, time] of [[0, 60], [0.98, 89.4]]) {
    const page = open({ isRefused: true });
    page.chance = chance;
    await page.pass(time * 1000 - 1);
    expect(page.streams.length === 1, `again too soon of chance ${chance}`);
    page.isRefused = false;
    await page.pass(1);
    expect(page.streams.length === 2 && page.is('on'), `not again of chance ${chance}`);
  }

  // What is paused stays as it is until it is told to go on.
  const paused = open({});
  await paused.pass(1);
  paused.stream().tell('changed');
  paused.button.tell('click');
  expect(paused.is('paused') && !paused.is('on') && paused.stream().readyState === 2, 'paused');
  paused.document.tell('keydown');
  paused.show(false);
  paused.show(true);
  await paused.pass(20 * MINUTE);
  paused.document.tell('pointerdown');
  await paused.pass(MINUTE);
  expect(paused.fetched.length === 0 && paused.streams.length === 1, 'what is paused asks for nothing');
  paused.button.tell('click');
  await paused.pass(1);
  expect(paused.fetched.length === 1 && paused.is('on') && !paused.is('paused'), 'it goes on');

  // What is left alone stops, and what is taken up again is as it is now.
  const left = open({});
  await left.pass(15 * MINUTE + 1);
  left.stream().tell('changed');
  await left.pass(MINUTE);
  expect(left.fetched.length === 0 && left.stream().readyState === 2 && !left.is('on'), 'left alone');
  left.document.tell('keydown');
  await left.pass(1);
  expect(left.fetched.length === 1 && left.is('on'), 'taken up again');
  await left.pass(5 * MINUTE);
  expect(left.asked.length === 0 && left.reloads === 0, 'a dashboard does not begin anew by itself');

  // A wall begins anew every five minutes, but not as an error page, which would stay there.
  const wall = open({ isWall: true });
  await wall.pass(5 * MINUTE);
  expect(String(wall.asked) === 'https://console.example/dashboards/strategic?wall manual', wall.asked);
  wall.answer = { ok: false, status: 503, type: 'basic' };
  await wall.pass(5 * MINUTE);
  expect(wall.asked.length === 2 && wall.reloads === 0, 'no error page on a wall');
  wall.answer = { ok: true, status: 200, type: 'basic' };
  await wall.pass(5 * MINUTE);
  expect(wall.reloads === 1, 'anew');
  wall.answer = { ok: false, status: 0, type: 'opaqueredirect' };
  await wall.pass(5 * MINUTE);
  expect(wall.reloads === 2, 'to the sign-in');
  wall.stream().tell('changed');
  await wall.pass(5 * 1000);
  expect(wall.fetched.length === 1, 'a wall is never left alone');
  return failures;
})().catch((e) => [String(e.stack)]).then((failures) => console.log('FOUND ' + JSON.stringify(failures) + ' END'));
