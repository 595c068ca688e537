// Package tty runs a program in a pseudo-terminal, for tests of the real binary: a terminal emulator shows what the program
// draws and answers what it asks, every byte is kept, and Scan reads those bytes as a terminal does. Nothing in it waits for
// a time to pass; it waits for what is to be seen, up to Patience.
package tty
