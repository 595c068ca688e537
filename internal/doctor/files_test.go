package doctor_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/doctor"
)

// authority makes a certificate authority that ends at a time, in PEM.
func authority(t *testing.T, end time.Time) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Lab CA"}, NotBefore: now.AddDate(-2, 0, 0), NotAfter: end, IsCA: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func (p *patient) mkdir(mode os.FileMode, elem ...string) string {
	p.t.Helper()
	path := filepath.Join(append([]string{p.dir}, elem...)...)
	if err := os.MkdirAll(path, 0o700); err != nil {
		p.t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		p.t.Fatal(err)
	}
	return path
}

func TestWhoMayChangeTheConfiguration(t *testing.T) {
	t.Parallel()
	skipOnWindows(t)
	for name, c := range map[string]struct {
		file, dir  os.FileMode
		verdict    doctor.Verdict
		found, fix string
	}{
		"nobody":          {0o600, 0o700, doctor.OK, "nobody else can change", ""},
		"all may read":    {0o644, 0o755, doctor.OK, "nobody else can change", ""},
		"the file":        {0o620, 0o700, doctor.Fail, "(mode 0620)", "chmod go-w"},
		"the directory":   {0o600, 0o757, doctor.Fail, "everybody can replace files", "chmod go-w"},
		"the group":       {0o600, 0o770, doctor.Warn, "the group can replace files", "chmod g-w"},
		"sticky like tmp": {0o600, 0o777 | os.ModeSticky, doctor.OK, "nobody else", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			p.write("config.yaml", yaml, c.file)
			p.mkdir(c.dir)
			p.ConfigFlag = filepath.Join(p.dir, "config.yaml")
			p.Config, p.ConfigErr = config.Load(config.Options{Path: p.ConfigFlag})
			has(t, p.run(), "DR16", c.verdict, c.found, c.fix)
		})
	}
}

func TestCertificatesAndSecrets(t *testing.T) {
	t.Parallel()
	skipOnWindows(t)
	p := newPatient(t, "device-code", "client-certificate\n  client_certificate_file: client.pem")
	has(t, p.run(), "DR17", doctor.Fail, "client.pem: no such file", "client_certificate_file")
	p.write("client.pem", "key", 0o640)
	has(t, p.run(), "DR17", doctor.Fail, "others can read or change", "chmod 600")
	p.write("client.pem", "key", 0o600)
	has(t, p.run(), "DR17", doctor.OK, "client.pem", "")

	const secret = "a-secret-that-nobody-knows"
	p = newPatient(t)
	p.set("SOCCTL_CLIENT_SECRET", secret)
	p.load("device-code", "client-secret")
	r := p.run()
	has(t, r, "DR17", doctor.OK, "from SOCCTL_CLIENT_SECRET", "")
	has(t, r, "DR15", doctor.OK, "SOCCTL_CLIENT_SECRET", "")
	for _, c := range r.Checks {
		if strings.Contains(c.Found.String()+c.Fix.String(), secret) {
			t.Errorf("%s has the secret: %s", c.ID, c.Found)
		}
	}
}

func TestCertificateAuthorities(t *testing.T) {
	t.Parallel()
	skipOnWindows(t)
	lab := "clouds:\n  lab: {authority: https://lab.example, graph: https://lab.example, resource_manager: https://lab.example, " +
		"portal: https://security.microsoft.com, ca_file: ca.pem}\ntenants:"
	for name, c := range map[string]struct {
		end        time.Time
		mode       os.FileMode
		verdict    doctor.Verdict
		found, fix string
	}{
		"well":         {now.AddDate(1, 0, 0), 0o644, doctor.OK, "ca.pem: 1 certificate", ""},
		"ended":        {now.AddDate(0, 0, -1), 0o644, doctor.Fail, "CN=Lab CA ended on 2026-11-21", "new one"},
		"ends soon":    {now.AddDate(0, 0, 3), 0o644, doctor.Warn, "ends on 2026-11-25", "new one"},
		"others write": {now.AddDate(1, 0, 0), 0o666, doctor.Fail, "whom socctl trusts", "chmod go-w"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			p.write("ca.pem", authority(t, c.end), c.mode)
			p.load("tenants:", lab, "device-code", "device-code\n  cloud: lab")
			if p.ConfigErr != nil {
				t.Fatal(p.ConfigErr)
			}
			has(t, p.run(), "DR18", c.verdict, c.found, c.fix)
		})
	}
	p := newPatient(t)
	p.write("ca.pem", authority(t, now.AddDate(1, 0, 0)), 0o600)
	p.load("tenants:", lab, "device-code", "device-code\n  cloud: lab")
	p.write("ca.pem", "nothing", 0o600)
	has(t, p.run(), "DR18", doctor.Fail, "no certificate in PEM", "")
	p.ReadFile = func(string) ([]byte, error) { return nil, os.ErrPermission }
	has(t, p.run(), "DR18", doctor.Fail, "cannot be read: permission denied", "")
}

func TestTheLogAndItsDirectory(t *testing.T) {
	t.Parallel()
	skipOnWindows(t)
	p := newPatient(t)
	has(t, p.run(), "DR19", doctor.OK, "socctl.log", "") // the directory is made when it is needed
	if _, err := os.Stat(filepath.Dir(p.LogFile)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("looking made the directory: %v", err)
	}
	p.mkdir(0o755, "state", "socctl")
	has(t, p.run(), "DR19", doctor.Warn, "(mode 0755)", "chmod 700")
	p.mkdir(0o700, "state", "socctl")
	p.write("state/socctl/socctl.log", "", 0o644)
	has(t, p.run(), "DR19", doctor.Warn, "(mode 0644)", "chmod 600")
	p.write("state/socctl/socctl.log", "", 0o600)
	has(t, p.run(), "DR19", doctor.OK, "socctl.log", "")
	if list, err := os.ReadDir(filepath.Dir(p.LogFile)); err != nil || len(list) != 1 {
		t.Errorf("looking left %v behind, %v", list, err)
	}
	p.Writable = func(string) error { return &os.PathError{Op: "open", Path: "/x", Err: os.ErrPermission} }
	has(t, p.run(), "DR19", doctor.Fail, "nothing can be written in", "log_file")
	p.LogFile = filepath.Join(p.write("a-file", "", 0o600), "socctl.log")
	has(t, p.run(), "DR19", doctor.Fail, "no such directory", "log_file")
	p.LogFile = ""
	has(t, p.run(), "DR19", doctor.Warn, "nowhere", "HOME")
	has(t, p.run(), "DR20", doctor.Skip, "", "")
}

func TestTheDiskAndTheDirectories(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	for free, want := range map[uint64]struct {
		verdict    doctor.Verdict
		found, fix string
	}{
		49 << 20:  {doctor.Fail, "49 MB free at", "room"},
		199 << 20: {doctor.Warn, "199 MB free at", "room"},
		200 << 20: {doctor.OK, "200 MB free at", ""},
		99 << 30:  {doctor.OK, "99 GB free at", ""},
	} {
		p.Free = func(string) (uint64, error) { return free, nil }
		has(t, p.run(), "DR20", want.verdict, want.found, want.fix)
	}
	p.Free = func(string) (uint64, error) { return 0, errors.ErrUnsupported }
	has(t, p.run(), "DR20", doctor.Skip, "does not tell", "")
	p.Free = doctor.Process(nil).Free // the real one
	if c := find(p.run(), "DR20")[0]; c.Verdict == doctor.Skip && p.GOOS == "linux" {
		t.Errorf("%v", c)
	}
	has(t, p.run(), "DR22", doctor.OK, "the usual ones below", "")
	p.set("XDG_STATE_HOME", p.dir)
	has(t, p.run(), "DR22", doctor.OK, "XDG_STATE_HOME="+p.dir, "")
	p.set("XDG_CONFIG_HOME", "relative")
	has(t, p.run(), "DR22", doctor.Warn, "not absolute", "unset XDG_CONFIG_HOME")
	p.set("XDG_CONFIG_HOME", "")
	p.set("HOME", "")
	has(t, p.run(), "DR22", doctor.Warn, "HOME is not set", "export HOME")
}

func TestABrokenConfigurationHidesNothingElse(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	p.load("tenants:", "tennants:", "client_id:", "client-id:")
	r := p.run()
	has(t, r, "DR13", doctor.Fail, `config.yaml:5:1: unknown key "tennants"`, "tenants")
	has(t, r, "DR13", doctor.Fail, "client-id", "client_id")
	has(t, r, "DR01", doctor.OK, "160x50", "")
	has(t, r, "DR07", doctor.OK, "set-clipboard is on", "")
	has(t, r, "DR19", doctor.OK, "socctl.log", "")
	has(t, r, "DR12", doctor.Skip, "no configuration", "")
	has(t, r, "DR25", doctor.Skip, "no configuration", "")
	has(t, r, "DR26", doctor.Skip, "no configuration", "")
	has(t, r, "DR24", doctor.Skip, "no configuration", "")
	has(t, r, "DR23", doctor.Skip, "14:22 UTC", "")

	p.ConfigFlag = filepath.Join(p.dir, "nowhere.yaml")
	p.Config, p.ConfigErr = config.Load(config.Options{Path: p.ConfigFlag})
	has(t, p.run(), "DR13", doctor.Fail, "there is none at "+p.ConfigFlag, "write one")
	p.Config, p.ConfigErr = nil, errors.New("a\nb")
	has(t, p.run(), "DR13", doctor.Fail, "a; b", "")
}

func TestVariablesThatNothingReads(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	p.set("SOCTL_CLIENT_SECRET", "hidden")
	p.set("SOCKS_PROXY", "x")
	r := p.run()
	has(t, r, "DR15", doctor.Warn, "SOCTL_CLIENT_SECRET is read by nobody", "SOCCTL_CLIENT_SECRET")
	if rows := find(r, "DR15"); len(rows) != 1 {
		t.Errorf("%v", rows)
	}
	p = newPatient(t)
	p.set("SOCCTL_HOME_TENNANT", "hidden")
	p.set("SOCCTL_ZZZZZZZZZZZ", "hidden")
	p.load()
	r = p.run()
	has(t, r, "DR13", doctor.Skip, "see DR15", "")
	has(t, r, "DR15", doctor.Fail, "SOCCTL_HOME_TENNANT: unknown variable", "SOCCTL_HOME_TENANT")
	has(t, r, "DR15", doctor.Fail, "SOCCTL_ZZZZZZZZZZZ: unknown variable", "unset SOCCTL_ZZZZZZZZZZZ")
	p.load("tenants:", "tennants:") // and then both are told, each in its place
	r = p.run()
	has(t, r, "DR13", doctor.Fail, "tennants", "tenants")
	has(t, r, "DR15", doctor.Fail, "SOCCTL_HOME_TENNANT", "SOCCTL_HOME_TENANT")
	for _, c := range r.Checks {
		if strings.Contains(c.Found.String(), "hidden") || c.ID == "DR13" && strings.Contains(c.Found.String(), "SOCCTL_") {
			t.Errorf("%v", c)
		}
	}
}

func TestFilesBesideTheConfiguration(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	path := p.write("keys.yaml", "", 0o600)
	broken := &config.Error{Faults: []config.Fault{{Where: "views.yaml", Line: 3, Message: "filter: no"}, {Where: "views.yaml", Line: 9, Message: "again"}}, More: 2}
	p.Files = []doctor.FileCheck{
		{Name: "keys.yaml", Path: path, Check: func() error { return nil }},
		{Name: "views.yaml", Path: filepath.Join(p.dir, "views.yaml"), Check: func() error { return broken }},
		{Name: "theme dusk", Path: filepath.Join(p.dir, "none"), Check: func() error { return nil }},
		{Name: "theme dawn", Path: path, Check: func() error { return errors.New("no such token") }, Mild: true},
	}
	r := p.run()
	has(t, r, "DR14", doctor.OK, path, "")
	has(t, r, "DR14", doctor.OK, "the built-in one holds", "")
	has(t, r, "DR14", doctor.Fail, "views.yaml:3: filter: no", "")
	has(t, r, "DR14", doctor.Fail, "and 2 more", "")
	has(t, r, "DR14", doctor.Warn, "no such token", "")
	if rows := find(r, "DR14"); len(rows) != 6 {
		t.Errorf("%v", rows)
	}
}
