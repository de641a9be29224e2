package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"golang.org/x/sys/unix"
)

// World is what exists outside Terraform: one JSON file per object. Tests read it, and edit or delete its files to
// change things behind Terraform's back. Without a directory the double knows nothing but Terraform's state.
type World struct {
	dir string
	mu  sync.Mutex
}

type worldObject struct {
	Type       string          `json:"type"`
	Label      string          `json:"label"`
	Attributes json.RawMessage `json:"attributes"`
}

func openWorld(dir string) *World { return &World{dir: dir} }

func (w *World) exists() bool { return w.dir != "" }

// locked runs work alone among all processes that share the world: Terraform starts one per provider alias.
func (w *World) locked(work func() error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := os.MkdirAll(w.dir, 0o755); err != nil {
		return err
	}
	lock, err := os.OpenFile(filepath.Join(w.dir, ".lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX); err != nil {
		return err
	}
	return work()
}

var unsafeInFileName = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// errTaken says that another object already has the value that must be unique.
type errTaken struct{ attribute, value string }

func (e errTaken) Error() string { return fmt.Sprintf("%s %s is already in use", e.attribute, e.value) }

// create stores a new object and returns the key under which it is found again.
func (w *World) create(t *Type, object tftypes.Value) (string, error) {
	if !w.exists() {
		return "", nil
	}
	var key string
	err := w.locked(func() error {
		if taken, err := w.taken(t, object); err != nil || taken != nil {
			if err == nil {
				err = *taken
			}
			return err
		}
		name := t.Name
		if l := label(object); l != "" {
			name += "." + strings.Trim(unsafeInFileName.ReplaceAllString(shorten(l), "_"), "_")
		}
		for n := 1; ; n++ {
			key = name + ".json"
			if n > 1 {
				key = fmt.Sprintf("%s.%d.json", name, n)
			}
			if _, err := os.Stat(filepath.Join(w.dir, key)); errors.Is(err, os.ErrNotExist) {
				return w.write(key, t, object)
			}
		}
	})
	return key, err
}

func shorten(s string) string {
	if len(s) <= 80 {
		return s
	}
	return sha256Hex(s)[:16]
}

func (w *World) taken(t *Type, object tftypes.Value) (*errTaken, error) {
	unique := t.Facts.Unique
	if unique == "" {
		return nil, nil
	}
	wanted := text(at(object, unique))
	_, existing, err := w.find(t, func(other tftypes.Value) bool { return text(at(other, unique)) == wanted })
	if err != nil || existing == nil {
		return nil, err
	}
	return &errTaken{attribute: unique, value: wanted}, nil
}

func (w *World) update(key string, t *Type, object tftypes.Value) error {
	if !w.exists() || key == "" {
		return nil
	}
	return w.locked(func() error { return w.write(key, t, object) })
}

func (w *World) delete(key string) error {
	if !w.exists() || key == "" {
		return nil
	}
	return w.locked(func() error {
		err := os.Remove(filepath.Join(w.dir, key))
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		return err
	})
}

func (w *World) write(key string, t *Type, object tftypes.Value) error {
	attributes, err := json.Marshal(plain(object, t.Object))
	if err != nil {
		return err
	}
	content, err := json.MarshalIndent(worldObject{Type: t.Name, Label: label(object), Attributes: attributes}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(w.dir, key), append(content, '\n'), 0o644)
}

// read returns the object, or nil when it is gone.
func (w *World) read(key string, t *Type) (*tftypes.Value, error) {
	content, err := os.ReadFile(filepath.Join(w.dir, key))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var stored worldObject
	if err := json.Unmarshal(content, &stored); err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	object, err := tftypes.ValueFromJSON(stored.Attributes, t.Object)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	return &object, nil
}

// find returns the key and the object of a type that matches; nil when there is none.
func (w *World) find(t *Type, matches func(tftypes.Value) bool) (string, *tftypes.Value, error) {
	if !w.exists() {
		return "", nil, nil
	}
	paths, err := filepath.Glob(filepath.Join(w.dir, t.Name+".*json"))
	if err != nil {
		return "", nil, err
	}
	for _, path := range paths {
		key := filepath.Base(path)
		object, err := w.read(key, t)
		if err != nil {
			return "", nil, err
		}
		if object != nil && matches(*object) {
			return key, object, nil
		}
	}
	return "", nil, nil
}

// count adds one to a counter that all processes of the world share.
func (w *World) count(name string) (int, error) {
	var n int
	err := w.locked(func() error {
		path := filepath.Join(w.dir, ".calls")
		counters := map[string]int{}
		if err := readJSON(path, &counters); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		counters[name]++
		n = counters[name]
		content, err := json.Marshal(counters)
		if err != nil {
			return err
		}
		return os.WriteFile(path, content, 0o644)
	})
	return n, err
}
