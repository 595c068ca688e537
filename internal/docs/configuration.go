package docs

import (
	"maps"
	"slices"
	"strings"
	"text/template"

	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/signin"
	"github.com/socctl/socctl/internal/tenants"
)

func configurationParts() template.FuncMap {
	return template.FuncMap{
		"keys":      configurationKeys,
		"variables": configurationVariables,
		"clouds":    clouds,
		"waysToday": func() string { return code(", ", signInWays(true)...) },
		"waysLater": func() string { return code(", ", signInWays(false)...) },
	}
}

// configurationKeys is the table of the keys that start with one of the words.
func configurationKeys(top ...string) string {
	var rows [][]string
	for _, k := range config.Keys() {
		first, _, _ := strings.Cut(k.Path, ".")
		if !slices.Contains(top, strings.TrimSuffix(first, "[]")) {
			continue
		}
		rows = append(rows, []string{code("", k.Path), valueOf(k), code("", k.Default), code("", k.Variable), meaningOf(k)})
	}
	return table([]string{"Key", "Value", "Default", "Variable", "Meaning"}, rows)
}

// valueOf says what a key takes.
func valueOf(k config.Key) string {
	switch {
	case k.Type == config.TypeChoice:
		return "one of " + code(", ", k.Choices...)
	case len(k.Choices) > 0:
		return string(k.Type) + " of " + code(", ", k.Choices...)
	case k.Example != "":
		return string(k.Type) + ", such as " + code("", k.Example)
	}
	return string(k.Type)
}

func meaningOf(k config.Key) string {
	if k.Required {
		return k.Description + " (required)"
	}
	return k.Description
}

func configurationVariables() string {
	var rows [][]string
	for _, v := range config.Variables() {
		rows = append(rows, []string{code("", v.Name), v.Description})
	}
	return table([]string{"Variable", "Meaning"}, rows)
}

// clouds is the table of the built-in clouds.
func clouds() string {
	var rows [][]string
	all := tenants.BuiltinClouds()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		c := all[name]
		note := "can be used"
		if !c.Supported {
			note = "refused: " + c.Why
		}
		rows = append(rows, []string{code("", name), code("", c.Authority), code("", c.Graph), code("", c.Portal), note})
	}
	return table([]string{"Cloud", "Sign-in", "Graph", "Portal", ""}, rows)
}

// signInWays lists the ways to sign in that this version has, or those that it only knows by name.
func signInWays(built bool) []string {
	var ways []string
	for _, m := range signin.Methods() {
		// Without anything else, the first complaint about a way that is built is another one.
		_, err := signin.New(signin.Options{Method: m})
		if missing := err != nil && strings.Contains(err.Error(), "is not built yet"); missing != built {
			ways = append(ways, string(m))
		}
	}
	return ways
}
