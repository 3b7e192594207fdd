// Verifies a receipt (c2sp.org/tlog-proof@v1, RFC 9162) in the browser, with its own SHA-256 and Ed25519. Nothing is asked of any server:
// what is verified is what the page shows. Tests run this file outside of the page.
const receipts = (() => {
  'use strict';
  const FORMAT = 'c2sp.org/tlog-proof@v1\n';
  const LEAF = Uint8Array.of(0);
  const NODE = Uint8Array.of(1);
  const ED25519 = 1;

  class Malformed extends Error {}

  function require(isSo, what) {
    if (!isSo) {
      throw new Malformed(what);
    }
  }

  // In its one spelling: what has two could be changed unseen.
  function bytes(base64) {
    let binary = null;
    try {
      binary = atob(base64);
    } catch (e) {
      // said below
    }
    require(binary !== null && btoa(binary) === base64, 'this is no base64');
    return Uint8Array.from(binary, (c) => c.charCodeAt(0));
  }

  function base64(array) {
    return btoa(String.fromCharCode(...array));
  }

  function hash(text) {
    const read = bytes(text);
    require(read.length === 32, 'a hash has 32 bytes');
    return read;
  }

  function number(text) {
    require(/^(0|[1-9][0-9]{0,18})$/.test(text), 'this is no index or size');
    return BigInt(text);
  }

  function isSame(one, other) {
    return one.length === other.length && one.every((byte, at) => byte === other[at]);
  }

  async function sha256(...parts) {
    return new Uint8Array(await crypto.subtle.digest('SHA-256', await new Blob(parts).arrayBuffer()));
  }

  // The entry's bytes, its index, the hashes from the leaf up, and the checkpoint as it was signed.
  function parse(file) {
    require(file.startsWith(FORMAT), 'this is no receipt');
    const end = file.indexOf('\n\n');
    require(end > 0, 'there is no checkpoint');
    const [extra, index, ...path] = file.slice(FORMAT.length, end).split('\n');
    require(extra.startsWith('extra '), 'there is no entry');
    const entry = bytes(extra.slice('extra '.length));
    require(!entry.includes(10), 'there is more than an entry');
    require(index !== undefined && index.startsWith('index '), 'there is no index');
    return {
      entry,
      index: number(index.slice('index '.length)),
      path: path.map(hash),
      checkpoint: checkpoint(file.slice(end + 2))
    };
  }

  // A note: a text, a blank line, and lines of signatures, of which each has the key's name and the first bytes of its hash.
  function checkpoint(note) {
    const end = note.lastIndexOf('\n\n') + 1;
    require(end > 0 && note.endsWith('\n'), 'the checkpoint is not signed');
    const text = note.slice(0, end);
    const [origin, size, root] = text.split('\n');
    const signatures = note.slice(end + 1, -1).split('\n').map((line) => {
      const [dash, name, signed, ...more] = line.split(' ');
      require(dash === '\u2014' && signed !== undefined && more.length === 0, 'this is no signature');
      const read = bytes(signed);
      return { name, id: read.slice(0, 4), bytes: read.slice(4) };
    });
    require(origin !== '' && root !== undefined, 'this is no checkpoint');
    return { text, origin, size: number(size), root: hash(root), signatures };
  }

  // <name>+<id>+<base64 of type and key>, where the id is made of the rest.
  async function key(text) {
    const [name, id, ...rest] = text.split('+');
    const typed = bytes(rest.join('+'));
    require(typed.length === 33 && typed[0] === ED25519, 'this is no Ed25519 key');
    const made = (await sha256(new TextEncoder().encode(name + '\n'), typed)).slice(0, 4);
    require([...made].map((byte) => byte.toString(16).padStart(2, '0')).join('') === id, 'the id is not of this key');
    return { name, id: made, bytes: typed.slice(1) };
  }

  // RFC 9162, 2.1.3.2: each hash of the path is the neighbour of what is known so far. Null where the path is not one for this index and size.
  async function climb(index, size, leaf, path) {
    if (index >= size) {
      return null;
    }
    const steps = [];
    let node = index;
    let last = size - 1n;
    let known = leaf;
    for (const neighbour of path) {
      if (last === 0n) {
        return null;
      }
      const isLeft = node % 2n === 1n || node === last;
      known = isLeft ? await sha256(NODE, neighbour, known) : await sha256(NODE, known, neighbour);
      steps.push({ isLeft, neighbour, hash: known });
      // At the right edge, levels where there is no neighbour are skipped.
      while (isLeft && node % 2n === 0n) {
        node >>= 1n;
        last >>= 1n;
      }
      node >>= 1n;
      last >>= 1n;
    }
    return last === 0n ? steps : null;
  }

  // 'good', 'bad', 'none' where no key of this log is given that signed, 'unsupported' where the browser has no Ed25519.
  async function signature(note, keys) {
    let verdict = 'none';
    for (const line of keys.split('\n').map((each) => each.trim()).filter((each) => each !== '')) {
      const own = await key(line);
      for (const signed of note.signatures) {
        if (own.name === note.origin && signed.name === own.name && isSame(signed.id, own.id)) {
          let isGood;
          try {
            const imported = await crypto.subtle.importKey('raw', own.bytes, { name: 'Ed25519' }, false, ['verify']);
            isGood = await crypto.subtle.verify({ name: 'Ed25519' }, imported, signed.bytes, new TextEncoder().encode(note.text));
          } catch (e) {
            if (e.name === 'NotSupportedError') {
              return 'unsupported';
            }
            isGood = false;
          }
          if (!isGood) {
            return 'bad';
          }
          verdict = 'good';
        }
      }
    }
    return verdict;
  }

  // Everything that there is to see; throws where the receipt or a key is malformed.
  async function verify(file, keys) {
    const receipt = parse(file);
    const leaf = await sha256(LEAF, receipt.entry);
    const steps = await climb(receipt.index, receipt.checkpoint.size, leaf, receipt.path);
    const root = steps === null ? null : steps.length === 0 ? leaf : steps[steps.length - 1].hash;
    const isInTree = root !== null && isSame(root, receipt.checkpoint.root);
    const signed = await signature(receipt.checkpoint, keys);
    let verdict = 'refused';
    if (isInTree && signed !== 'bad') {
      verdict = signed === 'good' ? 'verified' : 'unsigned';
    }
    return { ...receipt, leaf, steps, root, isInTree, signature: signed, verdict };
  }

  // Whether an entry is of this event: the tree proves that it stands there, not that it is what was asked for.
  function isOf(entry, event) {
    try {
      return JSON.parse(new TextDecoder().decode(entry)).id.toLowerCase() === event;
    } catch (e) {
      return false;
    }
  }

  return { base64, checkpoint, climb, hash, isOf, isSame, number, signature, verify };
})();

// The page has the words, in its language: this fills in the hashes and shows which words hold.
(() => {
  'use strict';
  const page = typeof document === 'undefined' ? null : document.getElementById('verification');
  if (page === null) {
    return;
  }

  function choose(what, which) {
    page.querySelectorAll(`[data-${what}]`).forEach((words) => {
      words.hidden = words.dataset[what] !== which;
    });
  }

  function fill(part, what, text) {
    part.querySelector(`[data-value="${what}"]`).textContent = text;
  }

  function hop(step) {
    const item = document.getElementById('hop').content.cloneNode(true);
    item.querySelectorAll('[data-side]').forEach((words) => {
      words.hidden = words.dataset.side !== (step.isLeft ? 'left' : 'right');
    });
    fill(item, 'neighbour', receipts.base64(step.neighbour));
    fill(item, 'hash', receipts.base64(step.hash));
    return item;
  }

  function show(found) {
    fill(page, 'entry', new TextDecoder().decode(found.entry));
    fill(page, 'leaf', receipts.base64(found.leaf));
    document.getElementById('hops').replaceChildren(...(found.steps || []).map(hop));
    choose('path', found.steps === null ? 'bad' : found.steps.length === 0 ? 'empty' : 'good');
    fill(page, 'computed', found.root === null ? '' : receipts.base64(found.root));
    fill(page, 'signed', receipts.base64(found.checkpoint.root));
    choose('root', found.isInTree ? 'good' : 'bad');
    choose('signature', found.signature);
  }

  // Milliseconds: a key is typed in the meantime, and a screen reader says only what was gone for a while.
  const PAUSE = 300;
  let latest = 0;

  // A verdict is of the key that stands in the field: whatever began with another one ends unseen.
  async function run() {
    const mine = ++latest;
    const steps = document.getElementById('steps');
    if (typeof crypto === 'undefined' || crypto.subtle === undefined) {
      choose('verdict', 'impossible');
      return;
    }
    steps.hidden = true;
    choose('verdict', 'computing');
    await new Promise((done) => setTimeout(done, PAUSE));
    if (mine !== latest) {
      return;
    }
    let found = null;
    try {
      found = await receipts.verify(
        document.getElementById('file').textContent, document.getElementById('key').value);
    } catch (e) {
      // said below
    }
    if (mine !== latest) {
      return;
    }
    if (found === null) {
      choose('verdict', 'malformed');
      return;
    }
    show(found);
    steps.hidden = false;
    const isAsked = receipts.isOf(found.entry, page.dataset.event);
    choose('verdict', isAsked || found.verdict === 'refused' ? found.verdict : 'other');
  }

  document.getElementById('again').addEventListener('click', run);
  document.getElementById('key').addEventListener('input', run);
  run();
})();
