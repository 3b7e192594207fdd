// Readlog reads a whole log over HTTP (c2sp.org/tlog-tiles) and verifies it with the checksum database's
// own packages, sumdb/note and sumdb/tlog: an implementation that shares nothing with the log's.
//
// It checks the signature of the newest checkpoint and of an older one, that the newest root is that of all
// entries, every hash tile, an inclusion proof of one entry in each bundle, that the newest tree extends the
// older one, and receipts (c2sp.org/tlog-proof). It exits with 0 when all of it holds.
//
// Entries and tiles are held against a tree built from the entries, not only against tlog.TileHashReader:
// older versions of that leave some of the tiles they read unauthenticated.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height = 8
	full   = 1 << height
)

// A remoteLog reads resources below a URL prefix.
type remoteLog struct {
	prefix string
	token  string
	tiles  map[tlog.Tile][]byte
}

func (l *remoteLog) get(path string) ([]byte, error) {
	request, err := http.NewRequest("GET", l.prefix+"/"+path, nil)
	if err != nil {
		return nil, err
	}
	if l.token != "" {
		request.Header.Set("Authorization", "Bearer "+l.token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, response.Status)
	}
	return io.ReadAll(response.Body)
}

func (l *remoteLog) Height() int { return height }

// SaveTiles keeps what TileHashReader found to be part of the tree.
func (l *remoteLog) SaveTiles(tiles []tlog.Tile, data [][]byte) {
	for i, tile := range tiles {
		l.tiles[tile] = data[i]
	}
}

func (l *remoteLog) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range tiles {
		hashes, known := l.tiles[tile]
		if !known {
			// C2SP paths are those of the checksum database without the height.
			read, err := l.get("tile/" + strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height)))
			if err != nil {
				return nil, err
			}
			hashes = read
		}
		data = append(data, hashes)
	}
	return data, nil
}

// bundle returns the n-th bundle of entries, of the given width.
func (l *remoteLog) bundle(n int64, width int) ([][]byte, error) {
	path := tlog.Tile{H: height, L: 0, N: n, W: width}.Path()
	data, err := l.get("tile/entries/" + strings.TrimPrefix(path, fmt.Sprintf("tile/%d/0/", height)))
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("bundle %d ends within an entry", n)
		}
		length := int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:2+length])
		data = data[2+length:]
	}
	if len(entries) != width {
		return nil, fmt.Errorf("bundle %d has %d entries, not %d", n, len(entries), width)
	}
	return entries, nil
}

// open verifies a signed checkpoint and returns the tree it names.
func open(signed []byte, verifier note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, errors.New("the note is no checkpoint of " + verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// verifyEntries reads every entry, builds the tree from them, and checks that its root is the signed one.
func verifyEntries(log *remoteLog, tree tlog.Tree) (tlog.HashReader, error) {
	var stored []tlog.Hash
	own := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
	for n := int64(0); n*full < tree.N; n++ {
		width := full
		if tree.N-n*full < full {
			width = int(tree.N - n*full)
		}
		entries, err := log.bundle(n, width)
		if err != nil {
			return nil, err
		}
		for i, entry := range entries {
			hashes, err := tlog.StoredHashes(n*full+int64(i), entry, own)
			if err != nil {
				return nil, err
			}
			stored = append(stored, hashes...)
		}
	}
	root, err := tlog.TreeHash(tree.N, own)
	if err != nil {
		return nil, err
	}
	if root != tree.Hash {
		return nil, fmt.Errorf("the entries have root %s, %s is signed", root, tree.Hash)
	}
	return own, nil
}

// verifyTiles checks every tile that the tree has, the last ones at every width, against the entries' own.
func verifyTiles(log *remoteLog, tree tlog.Tree, own tlog.HashReader) (int, error) {
	tiles := tlog.NewTiles(height, 0, tree.N)
	for _, tile := range tiles {
		expected, err := tlog.ReadTileData(tile, own)
		if err != nil {
			return 0, err
		}
		served, err := log.ReadTiles([]tlog.Tile{tile})
		if err != nil {
			return 0, err
		}
		if !bytes.Equal(served[0], expected) {
			return 0, fmt.Errorf("%s is not made of the entries", tile.Path())
		}
	}
	return len(tiles), nil
}

// verifyProofs checks inclusion proofs made from the tiles, of one entry in each bundle.
func verifyProofs(tree tlog.Tree, own, hashes tlog.HashReader) error {
	for n := int64(0); n*full < tree.N; n++ {
		index := n*full + n%full
		if index >= tree.N {
			index = tree.N - 1
		}
		leaf, err := own.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		if err != nil {
			return err
		}
		proof, err := tlog.ProveRecord(tree.N, index, hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf[0]); err != nil {
			return fmt.Errorf("entry %d: %w", index, err)
		}
	}
	return nil
}

// verifyConsistency checks that the newer tree begins with the older one.
func verifyConsistency(newer, older tlog.Tree, hashes tlog.HashReader) error {
	if older.N < 1 || older.N > newer.N {
		return fmt.Errorf("a tree of %d entries is no older state of one of %d", older.N, newer.N)
	}
	proof, err := tlog.ProveTree(newer.N, older.N, hashes)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, newer.N, newer.Hash, older.N, older.Hash)
}

// verifyReceipt checks a c2sp.org/tlog-proof file whose extra data is the entry.
func verifyReceipt(file []byte, verifier note.Verifier) error {
	proof, signed, found := bytes.Cut(file, []byte("\n\n"))
	lines := strings.Split(string(proof), "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" ||
		!strings.HasPrefix(lines[1], "extra ") || !strings.HasPrefix(lines[2], "index ") {
		return errors.New("this is no tlog-proof with an entry")
	}
	entry, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		return err
	}
	var path tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		path = append(path, hash)
	}
	tree, err := open(signed, verifier)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(path, tree.N, tree.Hash, index, tlog.RecordHash(entry))
}

func run() error {
	prefix := flag.String("url", "", "URL prefix of the log")
	key := flag.String("vkey", "", "verifier key of the log, from somebody else than the log")
	newest := flag.String("checkpoint", "", "file with the checkpoint to verify; by default the log's newest")
	oldest := flag.String("older", "", "file with a checkpoint seen before")
	flag.Parse()

	verifier, err := note.NewVerifier(*key)
	if err != nil {
		return err
	}
	log := &remoteLog{prefix: *prefix, token: os.Getenv("TOKEN"), tiles: map[tlog.Tile][]byte{}}
	read := func(file string) ([]byte, error) {
		if file == "" {
			return log.get("checkpoint")
		}
		return os.ReadFile(file)
	}
	signed, err := read(*newest)
	if err != nil {
		return err
	}
	tree, err := open(signed, verifier)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	hashes := tlog.TileHashReader(tree, log)
	own, err := verifyEntries(log, tree)
	if err != nil {
		return err
	}
	fmt.Printf("%d entries are those of root %s\n", tree.N, tree.Hash)
	count, err := verifyTiles(log, tree, own)
	if err != nil {
		return err
	}
	fmt.Printf("%d tiles are made of them\n", count)
	if err := verifyProofs(tree, own, hashes); err != nil {
		return err
	}
	if *oldest != "" {
		signed, err := read(*oldest)
		if err != nil {
			return err
		}
		older, err := open(signed, verifier)
		if err != nil {
			return fmt.Errorf("older checkpoint: %w", err)
		}
		if err := verifyConsistency(tree, older, hashes); err != nil {
			return fmt.Errorf("older checkpoint: %w", err)
		}
		fmt.Printf("the tree extends that of %d entries\n", older.N)
	}
	for _, name := range flag.Args() {
		file, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if err := verifyReceipt(file, verifier); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fmt.Printf("%s proves its entry\n", name)
	}
	return nil
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "readlog:", err)
		os.Exit(1)
	}
}
