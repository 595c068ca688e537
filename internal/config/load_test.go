package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/secret"
)

func TestLoadLooksInOrder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	xdg, home := filepath.Join(dir, "xdg"), filepath.Join(dir, "home")
	for _, d := range []string{filepath.Join(xdg, "socctl"), filepath.Join(home, ".config", "socctl")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	given, variable := write(t, dir, "given.yaml", []byte(small)), write(t, dir, "variable.yaml", []byte(small))
	inXDG := write(t, filepath.Join(xdg, "socctl"), "config.yaml", []byte(small))
	inHome := write(t, filepath.Join(home, ".config", "socctl"), "config.yaml", []byte(small))
	all := []string{"HOME=" + home, "XDG_CONFIG_HOME=" + xdg, "SOCCTL_CONFIG=" + variable}
	for _, tc := range []struct {
		name string
		o    Options
		want string
	}{
		{"the flag", Options{Path: given, Environ: all}, given},
		{"the variable", Options{Environ: all}, variable},
		{"XDG", Options{Environ: all[:2]}, inXDG},
		{"home", Options{Environ: all[:1]}, inHome},
		{"a relative XDG is ignored", Options{Environ: []string{all[0], "XDG_CONFIG_HOME=xdg"}}, inHome},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c, err := Load(tc.o)
			if err != nil || c.File != tc.want {
				t.Errorf("Load = %v, %v; want %s", c, err, tc.want)
			}
		})
	}
}

func TestLoadWithoutAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	none := filepath.Join(dir, "none.yaml")
	alone := []string{
		"SOCCTL_HOME_TENANT=8f0b1c5e-0000-4000-8000-000000000001", "SOCCTL_HOME_CLIENT_ID=3d6b0f0c-0000-4000-8000-000000000002",
		"SOCCTL_TENANTS=[{code: CONT, name: Contoso, id: 0a1b2c3d-0000-4000-8000-000000000003}]",
	}
	for _, tc := range []struct {
		name, want string
		o          Options
	}{
		{"the flag", none + " (from --config)", Options{Path: none, Environ: alone}},
		{"the variable", none + " (from $SOCCTL_CONFIG)", Options{Environ: append([]string{"SOCCTL_CONFIG=" + none}, alone...)}},
		{"XDG", filepath.Join(dir, "socctl", "config.yaml") + " (from $XDG_CONFIG_HOME)", Options{Environ: []string{"XDG_CONFIG_HOME=" + dir}}},
		{"home", filepath.Join(dir, ".config", "socctl", "config.yaml"), Options{Environ: []string{"HOME=" + dir}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(tc.o)
			var missing *MissingError
			want := "there is no configuration at " + tc.want + `: run "socctl demo" to look around without one, or write one: ` + Documentation
			if !errors.As(err, &missing) || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
	if c, err := Load(Options{Environ: append([]string{"HOME=" + dir}, alone...)}); err != nil || c.File != "" {
		t.Errorf("variables alone: %v, %v", c, err)
	}
	if _, err := Load(Options{}); err == nil || !strings.Contains(err.Error(), "HOME is not set") {
		t.Errorf("without a home: %v", err)
	}
	if _, err := Load(Options{Path: dir}); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("a directory: %v", err)
	}
}

func TestLoadRefusesWhatOthersCanChange(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("files have no such mode there")
	}
	for mode, ok := range map[os.FileMode]bool{0o600: true, 0o644: true, 0o640: true, 0o660: false, 0o602: false, 0o666: false} {
		path := write(t, t.TempDir(), "my config.yaml", []byte(small))
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		_, err := Load(Options{Path: path})
		if (err == nil) != ok {
			t.Errorf("%o: %v", mode, err)
		}
		if want := "others can change the configuration: run chmod go-w '" + path + "'"; err != nil && err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestPathsStartAtTheConfiguration(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"x.log": filepath.Join("etc", "x.log"), "../x.log": "x.log", "/var//x.log": "/var/x.log", "~/x.log": "/home/kai/x.log", "~x/x.log": filepath.Join("etc", "~x", "x.log"),
	} {
		c, err := Parse(filepath.Join("etc", "config.yaml"), []byte(small+"log_file: "+path+"\n"), []string{"HOME=/home/kai"})
		if err != nil || c.LogFile != want {
			t.Errorf("%s: %v, %v; want %s", path, c, err, want)
		}
	}
	c, err := Parse("config.yaml", []byte(small+"log_file: ~/x.log\n"), nil)
	if got := faultsOf(t, c, err); got[0] != `config.yaml:6:11: log_file: "~/x.log" cannot be found: HOME is not set` {
		t.Error(got)
	}
}

func TestCAFileIsChecked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	good := certificate(t)
	write(t, dir, "good.pem", append([]byte("a comment\n"), append(good, good...)...))
	write(t, dir, "empty.pem", nil)
	write(t, dir, "text.pem", []byte("hello"))
	write(t, dir, "broken.pem", []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))
	write(t, dir, "huge.pem", make([]byte, maxNamed+1))
	for name, want := range map[string]string{
		"good.pem": "", "none.pem": "cannot be read: no such file", "empty.pem": "holds no certificate in PEM", "text.pem": "holds no certificate in PEM",
		"broken.pem": "has a certificate that cannot be read", "huge.pem": "is larger than 1 MiB", ".": "is not a file",
	} {
		data := small + "clouds: {lab: {authority: https://a.example, graph: https://a.example, resource_manager: https://a.example, portal: https://a.example, ca_file: " + name + "}}\n"
		c, err := Parse(filepath.Join(dir, "config.yaml"), []byte(data), nil)
		if want == "" {
			if err != nil || c.Clouds["lab"].CAFile != filepath.Join(dir, name) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if got := faultsOf(t, c, err); len(got) != 1 || !strings.Contains(got[0], "ca_file: ") || !strings.Contains(got[0], want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestClientSecret(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "secret", []byte("from the file\r\n"))
	write(t, dir, "empty", []byte("\n"))
	write(t, dir, "two", []byte("a\nb\n"))
	if err := os.Chmod(write(t, dir, "open", []byte("x")), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, file string
		environ    []string
		want, err  string
	}{
		{"the variable", "secret", []string{"SOCCTL_CLIENT_SECRET=ours", "AZURE_CLIENT_SECRET=azure"}, "ours", ""},
		{"the Azure variable", "secret", []string{"AZURE_CLIENT_SECRET=azure"}, "azure", ""},
		{"the file", "secret", nil, "from the file", ""},
		{"no such file", "none", nil, "", "cannot be read"},
		{"an empty file", "empty", nil, "", "on one line"},
		{"two lines", "two", nil, "", "on one line"},
		{"a file that others can read", "open", nil, "", "run chmod 600"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			data := strings.Replace(small, "tenants:", "  sign_in: client-secret\n  client_secret_file: "+tc.file+"\ntenants:", 1)
			c, err := Parse(filepath.Join(dir, "config.yaml"), []byte(data), tc.environ)
			if tc.err != "" {
				if got := faultsOf(t, c, err); len(got) != 1 || !strings.Contains(got[0], "client_secret_file: ") || !strings.Contains(got[0], tc.err) {
					t.Error(got)
				}
				return
			}
			if err != nil || c.Home.ClientSecret.Reveal() != tc.want {
				t.Errorf("%v, %v", c, err)
			}
		})
	}
	c := mustParse(t, small, "SOCCTL_CLIENT_SECRET=x")
	if !c.Home.ClientSecret.IsZero() {
		t.Error("a secret is held for a sign-in that needs none")
	}
}

func TestSecretHides(t *testing.T) {
	t.Parallel()
	c := &Config{Home: Home{ClientSecret: secret.New("hunter2")}}
	var shown strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T"} {
		fmt.Fprintf(&shown, verb, *c)
		fmt.Fprintf(&shown, verb, c.Home.ClientSecret)
		fmt.Fprintf(&shown, verb, &c.Home.ClientSecret)
	}
	data, err := json.Marshal(c.Home)
	if err != nil {
		t.Fatal(err)
	}
	shown.Write(data)
	slog.New(slog.NewJSONHandler(&shown, nil)).Info("x", "secret", c.Home.ClientSecret, "home", c.Home)
	slog.New(slog.NewTextHandler(&shown, nil)).Info("x", "secret", c.Home.ClientSecret, "home", c.Home)
	for _, s := range []string{"hunter2", fmt.Sprintf("%x", "hunter2")} {
		if strings.Contains(shown.String(), s) {
			t.Errorf("the secret is shown: %s", shown.String())
		}
	}
}
