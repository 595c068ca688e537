package doctor

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// variablePrefix begins the variables that are ours.
const variablePrefix = "SOCCTL_"

// configuration says where the configuration was read, or everything that is wrong with it, and looks at the files beside it.
func (d *doctor) configuration() []Check {
	const name = "configuration"
	var rows []Check
	var missing *config.MissingError
	switch {
	case d.Config != nil:
		rows = append(rows, check(OK, idConfiguration, name, d.configurationWords(), ""))
	case errors.As(d.ConfigErr, &missing):
		rows = append(rows, check(Fail, idConfiguration, name, "there is none at "+missing.Path, "write one: "+config.Documentation))
	default:
		rows = append(rows, faults(idConfiguration, name, d.ConfigErr, func(f config.Fault) bool { return !unknownVariable(f) })...)
	}
	for _, f := range d.Files {
		rows = append(rows, d.file(f)...)
	}
	return rows
}

func (d *doctor) configurationWords() string {
	from := d.Config.File
	if from == "" {
		from = "no file, variables alone"
	}
	return from + ": " + count(len(d.Config.Registry.All()), "customer") + " in " + count(len(d.Config.UsedClouds()), "cloud")
}

func (d *doctor) file(f FileCheck) []Check {
	if err := f.Check(); err != nil {
		rows := faults(idFile, f.Name, err, nil)
		for n := range rows {
			if f.Mild {
				rows[n].Verdict = Warn
			}
		}
		return rows
	}
	if _, err := d.Stat(f.Path); err != nil {
		return []Check{check(OK, idFile, f.Name, "none at "+f.Path+": the built-in one holds", "")}
	}
	return []Check{check(OK, idFile, f.Name, f.Path, "")}
}

// faults gives a row for each mistake that an error of the configuration names, or one for any other error. Keep chooses
// among the mistakes; nil takes all.
func faults(id, name string, err error, keep func(config.Fault) bool) []Check {
	var broken *config.Error
	if !errors.As(err, &broken) {
		return []Check{check(Fail, id, name, errorWords(err), "")}
	}
	var rows []Check
	for _, f := range broken.Faults {
		if keep != nil && !keep(f) {
			continue
		}
		fix := ""
		if f.Nearest != "" {
			fix = f.Nearest
		}
		rows = append(rows, check(Fail, id, name, f.String(), fix))
	}
	if broken.More > 0 {
		rows = append(rows, check(Fail, id, name, fmt.Sprintf("and %d more mistakes", broken.More), ""))
	}
	if len(rows) == 0 { // all of them stand with the variables
		rows = append(rows, check(Skip, id, name, "not loaded: see "+idVariables, ""))
	}
	return rows
}

// errorWords writes an error of several lines on one.
func errorWords(err error) string {
	if err == nil {
		return "it was not loaded"
	}
	return strings.Join(strings.Split(err.Error(), "\n"), "; ")
}

// unknownVariable tells whether a mistake is a variable that names no key.
func unknownVariable(f config.Fault) bool {
	return f.Line == 0 && strings.HasPrefix(f.Where, variablePrefix) && strings.HasPrefix(f.Message, "unknown variable")
}

// variables looks for variables that nothing reads: a typing mistake would otherwise stay unseen, or stop the program
// without a word about the others. Values are not shown: they may be secrets.
func (d *doctor) variables() []Check {
	const name = "variables"
	var rows []Check
	if d.Config == nil { // one that was loaded has none
		_, err := config.Parse("", nil, d.Environ)
		var broken *config.Error
		if errors.As(err, &broken) && slices.ContainsFunc(broken.Faults, unknownVariable) {
			rows = faults(idVariables, name, err, unknownVariable)
			rows = slices.DeleteFunc(rows, func(c Check) bool { return strings.HasPrefix(c.Found.String(), "and ") })
		}
		for i, r := range rows {
			if variable, _, _ := strings.Cut(r.Found.String(), ":"); r.Fix.IsZero() {
				rows[i].Fix = text.NewLine("unset " + variable)
			}
		}
	}
	var ours []string
	for variable := range d.env {
		if strings.HasPrefix(variable, variablePrefix) {
			ours = append(ours, variable)
		} else if near, ok := misspelt(variable); ok {
			rows = append(rows, check(Warn, idVariables, name, variable+" is read by nobody: did you mean "+near+"?", near))
		}
	}
	if len(rows) > 0 {
		slices.SortFunc(rows, func(a, b Check) int { return strings.Compare(a.Found.String(), b.Found.String()) })
		return rows
	}
	slices.Sort(ours)
	found := "none of ours is set"
	if len(ours) > 0 {
		found = strings.Join(ours, ", ")
	}
	return []Check{check(OK, idVariables, name, found, "")}
}

// misspelt finds what was meant by a variable whose prefix is nearly ours and whose rest is the name of one of ours.
func misspelt(variable string) (string, bool) {
	prefix, rest, ok := strings.Cut(variable, "_")
	if !ok {
		return "", false
	}
	if _, near := soc.Nearest(prefix, []string{strings.TrimSuffix(variablePrefix, "_")}); !near {
		return "", false
	}
	meant := variablePrefix + strings.ToUpper(rest)
	for _, v := range config.Variables() {
		if v.Name == meant {
			return meant, true
		}
	}
	for _, k := range config.Keys() {
		if k.Variable == meant {
			return meant, true
		}
	}
	return "", false
}

// path is where the configuration is or would be; empty where that cannot be told. It follows config.Load.
func (d *doctor) path() string {
	var missing *config.MissingError
	switch xdg := d.env["XDG_CONFIG_HOME"]; {
	case d.Config != nil:
		return d.Config.File
	case errors.As(d.ConfigErr, &missing):
		return missing.Path
	case d.ConfigFlag != "":
		return d.ConfigFlag
	case d.env["SOCCTL_CONFIG"] != "":
		return d.env["SOCCTL_CONFIG"]
	case filepath.IsAbs(xdg):
		return filepath.Join(xdg, "socctl", "config.yaml")
	case d.home() != "":
		return filepath.Join(d.home(), ".config", "socctl", "config.yaml")
	}
	return ""
}

func (d *doctor) home() string {
	if h := d.env["HOME"]; h != "" {
		return h
	}
	return d.env["USERPROFILE"]
}

// why drops the path from an error of a file, which the row names already.
func why(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// count writes a number with its word.
func count(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
