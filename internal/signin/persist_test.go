//go:build linux

package signin

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// fixedKey is a key that a test knows.
type fixedKey []byte

func (k fixedKey) Key() ([]byte, error) {
	if k == nil {
		return nil, errors.New("no key")
	}
	return k, nil
}

func storeIn(t *testing.T, dir string, key byte) Store {
	t.Helper()
	s, err := NewFileStore(filepath.Join(dir, "signin"), fixedKey(bytes.Repeat([]byte{key}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// privateDir is a directory for the user alone.
func privateDir(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "kept")
}

func keeping(s Store) func(*Options) { return func(o *Options) { o.Store = s } }

// fresh makes an identity that nobody has signed in to.
func fresh(t *testing.T, s *authority, list []soc.TenantID, change func(*Options)) *Identity {
	t.Helper()
	o := Options{
		Home: home, ClientID: clientID, Method: MethodDeviceCode, Authority: s.base, DisableInstanceDiscovery: true, Tenants: list, Base: memory{s},
		Ask: func(context.Context, Prompt) error { t.Error("somebody was asked"); return nil },
	}
	change(&o)
	i, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestSignInIsKept(t *testing.T) {
	t.Parallel()
	s, list, dir := newAuthority(), many(2), privateDir(t)
	first := signedIn(t, s, list, keeping(storeIn(t, dir, 1)))
	_ = token(t, first.For(list[0], scope))
	if err := first.Save(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "signin"))
	if err != nil || bytes.Contains(raw, []byte("refresh-")) || bytes.Contains(raw, []byte("kai")) {
		t.Errorf("the file holds clear text (%v)", err)
	}
	for _, name := range []string{"signin", "signin.lock"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	second := fresh(t, s, list, keeping(storeIn(t, dir, 1)))
	if ok, err := second.Resume(t.Context()); !ok || err != nil {
		t.Fatal(ok, err)
	}
	_ = token(t, second.For(list[1], scope))
	if got := s.given(home); got[0] != "refresh-2-secret" || second.Account().UPN.String() != "kai@northwind.example" {
		t.Errorf("it redeemed %v for %+v", got, second.Account())
	}
	if err := second.SignOut(); err != nil {
		t.Fatal(err)
	}
	_, err = second.For(list[1], scope).Token(t.Context())
	wantProblem(t, err, soc.ProblemSignIn)
	if ok, err := fresh(t, s, list, keeping(storeIn(t, dir, 1))).Resume(t.Context()); ok || err != nil {
		t.Error("a sign-in survived its sign-out", err)
	}
}

func TestWhatIsKeptIsOfNoUse(t *testing.T) {
	t.Parallel()
	s, list := newAuthority(), many(1)
	for name, c := range map[string]struct {
		key    byte
		spoil  func([]byte) []byte
		change func(*Options)
	}{
		"torn":              {1, func(b []byte) []byte { return b[:len(b)/2] }, nil},
		"empty":             {1, func([]byte) []byte { return nil }, nil},
		"one bit":           {1, func(b []byte) []byte { b[len(b)-1] ^= 1; return b }, nil},
		"another form":      {1, func(b []byte) []byte { return append([]byte("x"), b...) }, nil},
		"key is gone":       {2, func(b []byte) []byte { return b }, nil},
		"another app":       {1, func(b []byte) []byte { return b }, func(o *Options) { o.ClientID = uuid.NewString() }},
		"another home":      {1, func(b []byte) []byte { return b }, func(o *Options) { o.Home = contos }},
		"another authority": {1, func(b []byte) []byte { return b }, func(o *Options) { o.Authority = "https://login.other" }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := privateDir(t)
			_ = signedIn(t, s, list, keeping(storeIn(t, dir, 1)))
			path := filepath.Join(dir, "signin")
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, c.spoil(b), 0o600); err != nil {
				t.Fatal(err)
			}
			i := fresh(t, s, list, func(o *Options) {
				o.Store = storeIn(t, dir, c.key)
				if c.change != nil {
					c.change(o)
				}
			})
			if ok, err := i.Resume(t.Context()); ok || err != nil {
				t.Errorf("%v, %v", ok, err)
			}
			// The next sign-in heals it.
			_ = signedIn(t, s, list, keeping(storeIn(t, dir, c.key)))
			if ok, err := fresh(t, s, list, keeping(storeIn(t, dir, c.key))).Resume(t.Context()); !ok || err != nil {
				t.Errorf("after a new sign-in: %v, %v", ok, err)
			}
		})
	}
}

func TestStrangeFilesAreRefused(t *testing.T) {
	t.Parallel()
	dir := privateDir(t)
	s := storeIn(t, dir, 1)
	path := filepath.Join(dir, "signin")
	outside := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.WriteFile(outside, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, path); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(); err == nil {
		t.Error("a link was followed")
	}
	_ = os.Remove(path)
	if err := os.WriteFile(path, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(); err == nil {
		t.Error("a file that others read was taken")
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := NewFileStore(path, fixedKey{}); err == nil || !strings.Contains(err.Error(), "chmod 700") {
		t.Errorf("%v", err)
	}
}

// TestStoreThatFails: a sign-in works all the same, and somebody is told.
func TestStoreThatFails(t *testing.T) {
	t.Parallel()
	s, err := NewFileStore(filepath.Join(privateDir(t), "signin"), fixedKey(nil))
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	i := signedIn(t, newAuthority(), many(1), func(o *Options) { o.Store, o.Warn = s, func(l text.Line) { told = append(told, l.String()) } })
	if !i.Account().Known() || len(told) != 1 || !contains(told[0], "no key") {
		t.Errorf("%+v, told %q", i.Account(), told)
	}
}

// TestManyProcesses: several consoles over one file neither tear it nor lose a change.
func TestManyProcesses(t *testing.T) {
	t.Parallel()
	dir := privateDir(t)
	var wg sync.WaitGroup
	for range 8 {
		s := storeIn(t, dir, 1) // as another process has one: its own descriptors, its own locks
		wg.Go(func() {
			for range 25 {
				if err := s.Change(func(old []byte) []byte { return append(old, 'x') }); err != nil {
					t.Error(err)
				}
				if b, err := s.Load(); err != nil || len(b) == 0 || strings.Trim(string(b), "x") != "" {
					t.Errorf("%q, %v", b, err)
				}
			}
		})
	}
	wg.Wait()
	if b, err := storeIn(t, dir, 1).Load(); err != nil || len(b) != 200 {
		t.Errorf("%d changes arrived (%v)", len(b), err)
	}
	left, _ := filepath.Glob(filepath.Join(dir, ".signin-*"))
	if len(left) != 0 {
		t.Errorf("files are left over: %v", left)
	}
}

// TestTwoConsoles: the refresh token that one console has rotated serves the other, where the authority takes each one
// only once; and a console that still runs does not bring back the sign-in that another one has replaced.
func TestTwoConsoles(t *testing.T) {
	t.Parallel()
	s, list, dir := newAuthority(), many(2), privateDir(t)
	one := signedIn(t, s, list, keeping(storeIn(t, dir, 1)))
	two := fresh(t, s, list, keeping(storeIn(t, dir, 1)))
	if ok, err := two.Resume(t.Context()); !ok || err != nil {
		t.Fatal(ok, err)
	}
	s.mu.Lock()
	s.fault = onlyOnce(s, map[string]bool{"refresh-1-secret": true}) // two has redeemed it
	s.mu.Unlock()
	if _, err := one.For(list[0], scope).Token(t.Context()); err != nil {
		t.Errorf("the first console: %v", err)
	}
	again := signedIn(t, s, list, func(o *Options) {
		o.Store, o.Now = storeIn(t, dir, 1), func() time.Time { return time.Now().Add(time.Second) }
	})
	want := again.user.vault.current()
	if err := one.Save(); err != nil {
		t.Fatal(err)
	}
	if have := again.read(); have == nil || secretsOf(have.Cache) != secretsOf(want) {
		t.Error("the older sign-in replaced the newer one")
	}
}

func TestKeyring(t *testing.T) {
	t.Parallel()
	k, err := newKeyring("socctl:test:" + uuid.NewString())
	if err != nil {
		t.Skip("no keyring here:", err)
	}
	defer func() { _ = k.Remove() }()
	first, err := k.Key()
	if err != nil || len(first) != keySize {
		t.Fatal(len(first), err)
	}
	other, err := newKeyring(k.name)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := other.Key(); err != nil || !bytes.Equal(first, second) {
		t.Errorf("another key: %v", err)
	}
	if strings.Contains(printed(k), string(first)) {
		t.Error("the key was printed")
	}
	if err := k.Remove(); err != nil {
		t.Fatal(err)
	}
	if third, err := other.Key(); err != nil || bytes.Equal(first, third) {
		t.Errorf("the key was not removed (%v)", err)
	}
}
