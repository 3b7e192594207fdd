// What own/verify.js must accept and refuse; runs behind it in Node or in a browser, with what is given: receipts as the log's own classes made
// them with its key, vectors of inclusion, and checkpoints of another log with that one's key.
(async () => {
  'use strict';
  const failures = [];
  const counts = { accepted: 0, refused: 0, changed: 0, notes: 0 };
  const expect = (isSo, what) => isSo || failures.push(what);
  const tried = (promise) => promise.catch((e) => ({ verdict: 'malformed', message: e.message }));

  async function holds(vector) {
    try {
      const path = (vector.proof || []).map((hash) => receipts.hash(hash || ''));
      const leaf = receipts.hash(vector.leafHash);
      const steps = await receipts.climb(receipts.number(vector.leafIdx), receipts.number(vector.treeSize), leaf, path);
      const root = steps === null ? null : steps.length === 0 ? leaf : steps[steps.length - 1].hash;
      return root !== null && receipts.isSame(root, receipts.hash(vector.root));
    } catch (e) {
      return false;
    }
  }
  for (const vector of given.vectors) {
    const isHeld = await holds(vector);
    expect(isHeld !== vector.wantErr, `vector ${vector.file}`);
    counts[isHeld ? 'accepted' : 'refused'] += 1;
  }

  const { keys } = given;
  for (const file of given.receipts) {
    const found = await tried(receipts.verify(file, keys));
    expect(found.verdict === 'verified' && found.signature === 'good', `a receipt of the log: ${found.message}`);
    expect(receipts.base64(found.entry) === file.split('\n')[1].slice('extra '.length), 'the entry as it stands in the file');
    expect(found.steps.length === file.split('\n\n')[0].split('\n').length - 3, 'a step for each neighbour');

    // Behind the log's own signature are those of witnesses, which nobody here knows.
    const end = given.isEachChanged ? file.indexOf('\u2014 anne') : 0;
    for (let at = 0; at < end; at += 1) {
      const changed = file.slice(0, at) + (file[at] === 'A' ? 'B' : 'A') + file.slice(at + 1);
      const verdict = (await tried(receipts.verify(changed, keys))).verdict;
      expect(verdict !== 'verified', `changed at ${at}: ${changed}`);
      counts.changed += 1;
    }
    for (const other of ['', file.slice(0, 40), file.replace('\n\n', '\n'), file.replace('extra ', 'entry '), file.trim()]) {
      const verdict = (await tried(receipts.verify(other, keys))).verdict;
      expect(verdict === 'malformed', `no receipt, but ${verdict}: ${other}`);
    }
  }

  const first = (await receipts.verify(given.receipts[0], keys)).entry;
  expect(receipts.isOf(first, JSON.parse(new TextDecoder().decode(first)).id), 'an entry is of its event');
  expect(!receipts.isOf(first, '0199a000-0000-7000-8000-000000000999'), 'an entry is of no other event');
  for (const none of ['{}', '{"id":1}', 'null', 'no JSON']) {
    expect(!receipts.isOf(new TextEncoder().encode(none), 'undefined'), `of no event: ${none}`);
  }

  const last = given.receipts[given.receipts.length - 1];
  const other = 'example.com/log' + keys.slice(keys.indexOf('+'));
  expect((await receipts.verify(last, '')).verdict === 'unsigned', 'without a key nothing is verified');
  expect((await tried(receipts.verify(last, other))).verdict === 'malformed', 'an id is of its name and key');
  expect((await tried(receipts.verify(last, 'no key'))).verdict === 'malformed', 'what is no key');
  expect((await receipts.verify(last, '\n' + keys + given.foreign + '\n')).verdict === 'verified', 'one of several keys');
  expect((await receipts.verify(last, given.foreign)).verdict === 'unsigned', 'the key of another log');
  expect((await receipts.verify(last, given.witness)).verdict === 'unsigned', 'a key that signed it, but is not the log\'s');
  expect((await receipts.verify(last.replace(/\n\u2014 vigie[^\n]*/, ''), keys)).verdict === 'unsigned', 'signed by a witness alone');
  const truncated = last.split('\n');
  truncated.splice(3, 1);
  const short = await receipts.verify(truncated.join('\n'), keys);
  expect(short.verdict === 'refused' && short.steps === null && short.signature === 'good', 'a neighbour too few');

  const importKey = crypto.subtle.importKey;
  crypto.subtle.importKey = async () => {
    throw new DOMException('unknown', 'NotSupportedError');
  };
  const unknown = await receipts.verify(last, keys);
  expect(unknown.signature === 'unsupported' && unknown.verdict === 'unsigned', 'a browser without Ed25519 says so');
  crypto.subtle.importKey = importKey;

  for (const note of given.notes) {
    expect((await receipts.signature(receipts.checkpoint(note), given.foreign)) === 'good', `a checkpoint of another log: ${note}`);
    const changed = receipts.checkpoint(note.replace(/\n([0-9]+)\n/, '\n1$1\n'));
    expect((await receipts.signature(changed, given.foreign)) === 'bad', `another size under that signature: ${note}`);
    counts.notes += 1;
  }
  return { failures: failures.slice(0, 20), ...counts };
})().catch((e) => ({ failures: [String(e.stack)] })).then((found) => {
  const text = 'FOUND ' + JSON.stringify(found) + ' END';
  if (typeof document === 'undefined') {
    console.log(text);
  } else {
    document.body.textContent = text;
  }
});
