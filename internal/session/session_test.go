package session

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func open(t *testing.T, dir, config, name string) *Store {
	t.Helper()
	s, err := Open(dir, config, name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestASessionComesBack(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	s := open(t, dir, "0123", "main")
	if data, err := s.Load(); data != nil || err != nil {
		t.Fatalf("before the first: %q, %v", data, err)
	}
	for _, data := range []string{"one", "two"} {
		if err := s.Save([]byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	if data, err := open(t, dir, "0123", "main").Load(); string(data) != "two" || err != nil {
		t.Errorf("%q, %v", data, err)
	}
	if data, _ := open(t, dir, "4567", "main").Load(); data != nil {
		t.Errorf("another configuration finds %q", data)
	}
	info, err := os.Stat(filepath.Join(dir, "0123-main.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info, err)
	}
}

func TestTwoConsolesDoNotWriteOverEachOther(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := open(t, dir, "0123", "main"), open(t, dir, "0123", "main")
	for _, s := range []*Store{a, b} {
		if _, err := s.Load(); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Save([]byte("of a")); err != nil {
		t.Fatal(err)
	}
	for _, data := range []string{"of b", "of b, later"} {
		if err := b.Save([]byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	if a.Name() != "main" || b.Name() != "main-2" {
		t.Errorf("names %s and %s", a.Name(), b.Name())
	}
	if data, _ := open(t, dir, "0123", "main").Load(); string(data) != "of a" {
		t.Errorf("a's session is %q", data)
	}
	if data, _ := open(t, dir, "0123", "main-2").Load(); string(data) != "of b, later" {
		t.Errorf("b's session is %q", data)
	}
}

func TestOnlyAnAbandonedSessionIsWrittenOver(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "0123-main.json"), []byte("another's"), 0o600); err != nil {
		t.Fatal(err)
	}
	for n := 2; n <= others; n++ {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("0123-main-%d.json", n)), []byte("another's"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := open(t, dir, "0123", "main").Save([]byte("mine")); err == nil {
		t.Error("a session that is in use was written over")
	}
	old := time.Now().Add(-2 * abandoned)
	if err := os.Chtimes(filepath.Join(dir, "0123-main-7.json"), old, old); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir, "0123", "main")
	if err := s.Save([]byte("mine")); err != nil || s.Name() != "main-7" {
		t.Errorf("saved as %s, %v", s.Name(), err)
	}
}

func TestASessionOfAnotherConfigurationIsKnown(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := open(t, dir, "0123", "night").Save([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if open(t, dir, "0123", "night").Elsewhere() {
		t.Error("its own counts as another's")
	}
	if !open(t, dir, "4567", "night").Elsewhere() {
		t.Error("the other one's is not seen")
	}
	if open(t, dir, "4567", "day").Elsewhere() {
		t.Error("another name counts")
	}
}

func TestBadSessionsAreErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"", "../x", "A", "-", "a-", "a/b", string(bytes.Repeat([]byte("a"), 33))} {
		if _, err := Open(dir, "0123", name); err == nil {
			t.Errorf("the name %q is taken", name)
		}
	}
	s := open(t, dir, "0123", "main")
	if err := s.Save(make([]byte, MaxBytes+1)); err == nil {
		t.Error("a session of more than the bound is kept")
	}
	if err := os.Mkdir(filepath.Join(dir, "0123-main.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(); err == nil {
		t.Error("a directory reads as a session")
	}
	if err := s.Save([]byte("x")); err != nil || s.Name() != "main-2" {
		t.Errorf("beside it: %s, %v", s.Name(), err)
	}
}

func TestASessionThatCannotBeUsedIsKeptAside(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "0123-main.json"), []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir, "0123", "main")
	if _, err := s.Load(); err != nil {
		t.Fatal(err)
	}
	where, err := s.SetAside()
	if err != nil || where != "0123-main.json.broken" {
		t.Fatalf("%q, %v", where, err)
	}
	if err := s.Save([]byte("new")); err != nil || s.Name() != "main" {
		t.Errorf("saved as %s, %v", s.Name(), err)
	}
	if data, err := os.ReadFile(filepath.Join(dir, where)); string(data) != "nonsense" || err != nil {
		t.Errorf("kept: %q, %v", data, err)
	}
}
