package doctor

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/config"
)

// files looks at who may read and change what the program reads and writes, and at the room for it.
func (d *doctor) files() []Check {
	var rows []Check
	rows = append(rows, d.permissions()...)
	rows = append(rows, d.secret())
	rows = append(rows, d.caFiles()...)
	return append(rows, d.log(), d.disk(), d.directories())
}

// permissions looks at the configuration and its directory: whoever can write them can send tokens elsewhere.
func (d *doctor) permissions() []Check {
	const name = "permissions"
	path := d.path()
	if d.windows() {
		return []Check{check(Skip, idPermissions, name, "files have no modes here", "")}
	}
	if path == "" {
		return []Check{check(Skip, idPermissions, name, "there is no file", "")}
	}
	dir := filepath.Dir(path)
	var rows []Check
	if _, err := d.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return []Check{check(Skip, idPermissions, name, "there is no "+path, "")}
	}
	if info, err := d.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o022 != 0 {
		rows = append(rows, check(Fail, idPermissions, name, fmt.Sprintf("others can change %s (mode %04o)", path, info.Mode().Perm()), "chmod go-w "+shellWord(path)))
	}
	switch info, err := d.Stat(dir); {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		rows = append(rows, check(Warn, idPermissions, name, dir+": "+why(err), ""))
	case err != nil, info.Mode()&fs.ModeSticky != 0: // nobody can replace another's file there
	case info.Mode().Perm()&0o002 != 0:
		rows = append(rows, check(Fail, idPermissions, name, "everybody can replace files in "+dir, "chmod go-w "+shellWord(dir)))
	case info.Mode().Perm()&0o020 != 0:
		rows = append(rows, check(Warn, idPermissions, name, "the group can replace files in "+dir, "chmod g-w "+shellWord(dir)))
	}
	if rows == nil {
		rows = append(rows, check(OK, idPermissions, name, "nobody else can change "+path, ""))
	}
	return rows
}

// secret looks at what an application signs in with. That others cannot read client_secret_file was checked while the
// configuration was loaded, and a mistake there stands with it.
func (d *doctor) secret() Check {
	const name = "secret"
	if d.Config == nil {
		return check(Skip, idSecret, name, "there is no configuration", "")
	}
	home := d.Config.Home
	switch home.SignIn {
	case config.SignInClientSecret:
		for _, variable := range []string{"SOCCTL_CLIENT_SECRET", "AZURE_CLIENT_SECRET"} {
			if d.env[variable] != "" {
				return check(OK, idSecret, name, "from "+variable, "")
			}
		}
		return check(OK, idSecret, name, "from home.client_secret_file, which others cannot read", "")
	case config.SignInClientCertificate:
		return d.private(home.ClientCertificateFile)
	}
	return check(OK, idSecret, name, "none is needed to sign in with "+string(home.SignIn), "")
}

// private wants a file that only its owner can read.
func (d *doctor) private(path string) Check {
	const name = "secret"
	info, err := d.Stat(path)
	switch {
	case err != nil:
		return check(Fail, idSecret, name, path+": "+why(err), "home.client_certificate_file")
	case !d.windows() && info.Mode().Perm()&0o077 != 0:
		return check(Fail, idSecret, name, fmt.Sprintf("others can read or change %s (mode %04o), which has the key", path, info.Mode().Perm()), "chmod 600 "+shellWord(path))
	}
	if _, err := d.ReadFile(path); err != nil {
		return check(Fail, idSecret, name, path+" cannot be read: "+why(err), "home.client_certificate_file")
	}
	return check(OK, idSecret, name, path+", which others cannot read", "")
}

// soon is how long before its end a certificate is spoken of.
const soon = 14 * 24 * time.Hour

func (d *doctor) caFiles() []Check {
	const name = "ca_file"
	var rows []Check
	for _, c := range d.configured() {
		if c.CAFile != "" {
			rows = append(rows, d.caFile(name+" "+c.Name, c.CAFile))
		}
	}
	switch {
	case d.Config == nil:
		return []Check{check(Skip, idCAFile, name, "there is no configuration", "")}
	case rows == nil:
		return []Check{check(OK, idCAFile, name, "none: the system's certificates are trusted", "")}
	}
	return rows
}

func (d *doctor) caFile(name, path string) Check {
	data, err := d.ReadFile(path)
	if err != nil {
		return check(Fail, idCAFile, name, path+" cannot be read: "+why(err), "")
	}
	if info, err := d.Stat(path); err == nil && !d.windows() && info.Mode().Perm()&0o022 != 0 {
		return check(Fail, idCAFile, name, "others can change "+path+", and with it whom socctl trusts", "chmod go-w "+shellWord(path))
	}
	found, now := 0, d.Now()
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		c, err := x509.ParseCertificate(block.Bytes)
		if block.Type != "CERTIFICATE" || err != nil {
			continue
		}
		found++
		switch day := c.NotAfter.UTC().Format(time.DateOnly); {
		case now.After(c.NotAfter):
			return check(Fail, idCAFile, name, fmt.Sprintf("%s: the certificate of %s ended on %s", path, c.Subject, day), "get a new one from its maker")
		case now.Add(soon).After(c.NotAfter):
			return check(Warn, idCAFile, name, fmt.Sprintf("%s: the certificate of %s ends on %s", path, c.Subject, day), "get a new one from its maker")
		}
	}
	if found == 0 {
		return check(Fail, idCAFile, name, path+" holds no certificate in PEM", "")
	}
	return check(OK, idCAFile, name, path+": "+count(found, "certificate"), "")
}

// log looks at where the console writes its log, which names customers and incidents.
func (d *doctor) log() Check {
	const name = "log"
	if d.LogFile == "" {
		return check(Warn, idLog, name, "there is nowhere to write a log: HOME is not set", "set log_file, or HOME")
	}
	dir, made := d.existing(filepath.Dir(d.LogFile))
	if dir == "" {
		return check(Fail, idLog, name, d.LogFile+": there is no such directory, and none above it", "set log_file")
	}
	if err := d.Writable(dir); err != nil {
		return check(Fail, idLog, name, "nothing can be written in "+dir+": "+why(err), "set log_file, or chmod u+rwx "+shellWord(dir))
	}
	if info, err := d.Stat(dir); err == nil && made && !d.windows() && filepath.Base(dir) == "socctl" && info.Mode().Perm()&0o077 != 0 {
		return check(Warn, idLog, name, fmt.Sprintf("others can look into %s (mode %04o)", dir, info.Mode().Perm()), "chmod 700 "+shellWord(dir))
	}
	if info, err := d.Stat(d.LogFile); err == nil && !d.windows() && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		return check(Warn, idLog, name, fmt.Sprintf("others can read %s (mode %04o)", d.LogFile, info.Mode().Perm()), "chmod 600 "+shellWord(d.LogFile))
	}
	return check(OK, idLog, name, d.LogFile, "")
}

// existing gives a directory, or the nearest one above it that is there and that it would be made in.
func (d *doctor) existing(dir string) (found string, itself bool) {
	itself = true
	for range 64 {
		if info, err := d.Stat(dir); err == nil {
			if !info.IsDir() {
				return "", false
			}
			return dir, itself
		}
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir, itself = up, false
	}
	return "", false
}

// The room below which the checks warn and fail: two logs of 20 MB each, and what else a shift leaves behind.
const (
	littleSpace = 200 << 20
	noSpace     = 50 << 20
)

func (d *doctor) disk() Check {
	const name = "disk"
	dir, _ := d.existing(filepath.Dir(d.LogFile))
	if d.LogFile == "" || dir == "" {
		return check(Skip, idDisk, name, "there is no directory to look at", "")
	}
	free, err := d.Free(dir)
	found := size(free) + " free at " + dir
	switch {
	case err != nil:
		return check(Skip, idDisk, name, "this system does not tell how much is free at "+dir, "")
	case free < noSpace:
		return check(Fail, idDisk, name, found, "make room there")
	case free < littleSpace:
		return check(Warn, idDisk, name, found, "make room there")
	}
	return check(OK, idDisk, name, found, "")
}

// size writes bytes for people, rounded down.
func size(n uint64) string {
	switch {
	case n < 1<<20:
		return fmt.Sprintf("%d kB", n>>10)
	case n < 10<<30:
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%d GB", n>>30)
}

// directories looks at the variables that say where files belong. The XDG specification has relative ones ignored.
func (d *doctor) directories() Check {
	const name = "directories"
	var set []string
	for _, variable := range []string{"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"} {
		value := d.env[variable]
		switch {
		case value == "":
		case !filepath.IsAbs(value):
			return check(Warn, idDirectories, name, variable+" is "+value+", which is not absolute and does not count", "unset "+variable)
		default:
			set = append(set, variable+"="+value)
		}
	}
	switch {
	case d.home() == "":
		return check(Warn, idDirectories, name, "HOME is not set: files have to be named one by one", "export HOME=...")
	case set == nil:
		return check(OK, idDirectories, name, "the usual ones below "+d.home(), "")
	}
	return check(OK, idDirectories, name, strings.Join(set, ", "), "")
}

// shellWord writes a path so that it can be pasted into a shell.
func shellWord(path string) string {
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("/._-+@", r)
	}
	if path != "" && strings.IndexFunc(path, odd) < 0 {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
