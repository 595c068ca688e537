// Package config reads the configuration: one YAML file, and SOCCTL_ variables that override it key by key.
//
// What it returns is complete and checked, or it returns an error: nothing half-loads. It names every mistake it
// finds, up to twenty, by file, line and column or by variable, with the nearest valid word. All keys stand in one
// table, Keys, which drives the reading, the variables' names, and the reference in the documentation.
//
// The package reads the configuration, the certificates and the secret that it names, and nothing else; the
// environment is handed in. A Config is immutable.
package config
