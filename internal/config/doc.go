// Package config reads the configuration: one YAML file, and SOCCTL_ variables that override it key by key; and the
// files that may stand beside it: keys, views and themes.
//
// What it returns is complete and checked, or it returns an error: nothing half-loads. It names every mistake it
// finds, up to twenty, by file, line and column or by variable, with the nearest valid word. All keys stand in one
// table, Keys, which drives the reading, the variables' names, and the reference in the documentation. One mistake is
// no error: a saved view whose filter or order is not understood any more is kept as broken.
//
// The package reads the configuration, the certificates and the secret that it names, and the files that it is asked
// for by path; it writes views alone. The environment is handed in. A Config is immutable. Watch has the one goroutine
// of the package, which ends with its context.
package config
