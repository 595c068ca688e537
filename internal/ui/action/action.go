// Package action is the table of everything that an analyst can do in the console. Keys, the `:` commands, the palette,
// the help that runs what one picks, the footer, read-only mode and docs/keys.md come from it; handlers take an action,
// never a key. What an action does now, and why it cannot be done now, is for the console to say.
package action

// ID names an action, in the key map's file and behind `:`.
type ID string

// Scope is where an action can be started.
type Scope string

// The scopes. Global lies under all others but Overlay's text lines; Overlay is what lies on top of a page.
const (
	Global    Scope = "global"
	List      Scope = "list"
	Incident  Scope = "incident"
	Customers Scope = "customers"
	Activity  Scope = "activity"
	Overlay   Scope = "overlay" // link, sign-in, the choice of columns
)

// Pages lists the scopes that a page can have.
func Pages() []Scope { return []Scope{List, Incident, Customers, Activity} }

// Group sorts actions for the help.
type Group string

// The groups, in the order of the help.
const (
	OnIncident Group = "Incident"
	OnList     Group = "List"
	Finding    Group = "Find"
	Go         Group = "Go to"
	Look       Group = "Screen"
	Program    Group = "Console"
	Motion     Group = "Move"
)

// Groups lists them.
func Groups() []Group { return []Group{OnIncident, OnList, Finding, Go, Look, Program, Motion} }

// Danger says what an action can do to a customer.
type Danger string

// The dangers. What Writes is refused for a customer that is read only; what Guards changes that protection itself and is
// confirmed by typing.
const (
	Safe   Danger = ""
	Guards Danger = "guards"
	Writes Danger = "writes"
)

// Arg is what an action takes behind its name after `:`. It can always be left out.
type Arg string

// The arguments.
const (
	NoArg        Arg = ""
	ArgCustomer  Arg = "customer"
	ArgGroup     Arg = "group"
	ArgSection   Arg = "section"
	ArgFilter    Arg = "filter"
	ArgOrder     Arg = "order"
	ArgTheme     Arg = "theme"
	ArgReference Arg = "reference"
	ArgFormat    Arg = "format"
	ArgSwitch    Arg = "on or off"
	ArgName      Arg = "name"
	ArgColumns   Arg = "columns"
)

// Action is one thing that an analyst can do.
type Action struct {
	ID      ID
	Title   string // what it does, in the imperative, in lower case
	Short   string // a word or two for the footer, or empty
	Group   Group
	Scopes  []Scope
	Keys    []string // as Bubble Tea names them, sequences with spaces; the first is shown
	Aliases []string // other names behind `:`
	Arg     Arg
	Danger  Danger
}

// In tells whether the action can be started in a scope.
func (a *Action) In(s Scope) bool {
	for _, own := range a.Scopes {
		if own == s || own == Global && s != Overlay {
			return true
		}
	}
	return false
}

// Find looks an action up by its id.
func Find(table []Action, id ID) (*Action, bool) {
	for n := range table {
		if table[n].ID == id {
			return &table[n], true
		}
	}
	return nil, false
}
