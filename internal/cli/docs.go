package cli

import (
	"reflect"
	"strings"

	"github.com/spf13/cobra"

	"github.com/socctl/socctl/internal/doctor"
)

// Command is the tree of commands before anything runs, for the documentation and for tests of what it shows.
func Command() *cobra.Command { return (&command{}).root() }

// ExitCode is an exit code and when it is given.
type ExitCode struct {
	Code    int
	Meaning string
}

// ExitCodes lists the exit codes.
func ExitCodes() []ExitCode {
	return []ExitCode{
		{exitDone, "done"},
		{exitError, "an error: no configuration or a broken one, no answer, an answer that cannot be used, a check of doctor that failed"},
		{exitUsage, "what was typed cannot be understood, or names an unknown customer, group or incident"},
		{exitPartial, "partial: some customers could not be read completely; what came is printed, what failed is on standard error"},
		{exitAccess, "sign-in or access is needed: nobody is signed in, or no customer lets you in"},
		{exitHangup, "the terminal went away under the console"},
	}
}

// Record is something that commands print for programs, with its JSON names in their order.
type Record struct {
	Name   string
	Fields []string
}

// Records lists what commands print as JSON, NDJSON and YAML.
func Records() []Record {
	incident := jsonNames(reflect.TypeFor[incidentRecord]())
	return []Record{
		{"incident", incident},
		{"incident of `incidents show`: all of those, and", jsonNames(reflect.TypeFor[incidentDetail]())[len(incident):]},
		{"alert", jsonNames(reflect.TypeFor[alertRecord]())},
		{"customer of `tenants list`", jsonNames(reflect.TypeFor[customerRecord]())},
		{"entry of `tenants` in every list", jsonNames(reflect.TypeFor[stateRecord]())},
		{"check of `doctor`", jsonNames(reflect.TypeFor[doctor.Check]())},
	}
}

// jsonNames lists the names of a record; what is below one stands behind it in braces, and brackets mark a list.
func jsonNames(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		switch {
		case tag != "":
			names = append(names, tag+below(f.Type))
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			names = append(names, jsonNames(f.Type)...)
		}
	}
	return names
}

func below(t reflect.Type) string {
	list := t.Kind() == reflect.Slice
	if list || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var inner string
	if t.Kind() == reflect.Struct {
		if names := jsonNames(t); len(names) > 0 {
			inner = " {" + strings.Join(names, ", ") + "}"
		}
	}
	if list {
		return "[]" + inner
	}
	return inner
}
