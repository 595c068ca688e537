// Package soc is the domain: incidents, alerts and evidence of many customers, how they are named, filtered and
// ordered. It is pure: it does no I/O, starts nothing, reads no clock, and imports nothing of ours but text.
//
// Values that stand in a Snapshot are immutable and may be read from any goroutine.
package soc
