// Package action is the one table of what an analyst can do in the console. Keys, help, footer and documentation come
// from it; no other package names a key or describes an action.
package action

// ID names an action for good: key maps and documents refer to it.
type ID string

// Scope is where an action makes sense. Inner scopes are asked first; a key that they do not know goes outwards.
type Scope string

// The scopes, from the outermost.
const (
	Global    Scope = "global"
	List      Scope = "list"
	Incident  Scope = "incident"
	Customers Scope = "customers"
	Overlay   Scope = "overlay" // help, link, sign-in: anything that lies on top
)

// The actions.
const (
	Quit        ID = "quit"
	QuitNow     ID = "quit-now"
	Back        ID = "back"
	Help        ID = "help"
	Switch      ID = "switch"
	ToggleAll   ID = "toggle-all"
	Filter      ID = "filter"
	ShowHealth  ID = "customers"
	Refresh     ID = "refresh"
	RefreshAll  ID = "refresh-all"
	Redraw      ID = "redraw"
	NextSection ID = "next-section"
	PrevSection ID = "previous-section"
	Section     ID = "section" // with the number of the key
	Up          ID = "up"
	Down        ID = "down"
	PageUp      ID = "page-up"
	PageDown    ID = "page-down"
	HalfUp      ID = "half-page-up"
	HalfDown    ID = "half-page-down"
	Home        ID = "home"
	End         ID = "end"
	Open        ID = "open"
	Preview     ID = "preview"
	Arrivals    ID = "arrivals"
	Order       ID = "order"
	Portal      ID = "portal"
	CopyLink    ID = "copy-link"
	CopyRef     ID = "copy-reference"
	SignIn      ID = "sign-in"
)

// Action describes what can be done.
type Action struct {
	ID     ID
	Title  string // what it does, in the imperative, in lower case
	Short  string // one word for the footer
	Scopes []Scope
	Keys   []string // as Bubble Tea names them; the first is shown
}

// All lists the actions in the order of the help.
func All() []Action {
	lists := []Scope{List, Incident, Customers}
	moves := append(lists, Overlay)
	return []Action{
		{Open, "open the incident, or switch to the customer", "open", []Scope{List, Customers}, []string{"enter"}},
		{Portal, "open the portal page; over SSH show its link", "portal", []Scope{List, Incident}, []string{"o"}},
		{CopyLink, "copy the portal link", "copy link", []Scope{List, Incident, Overlay}, []string{"Y"}},
		{CopyRef, "copy the reference", "copy ref", []Scope{List, Incident}, []string{"y"}},
		{Filter, "filter this list", "filter", []Scope{List}, []string{"/"}},
		{Switch, "switch to a customer, a group, or all", "customer", []Scope{Global}, []string{"t"}},
		{ToggleAll, "all customers, and back", "all", []Scope{Global}, []string{"T"}},
		{Arrivals, "show new arrivals", "new", []Scope{List}, []string{"."}},
		{Order, "next order: urgency, severity, age, updated, tenant", "order", []Scope{List}, []string{"O"}},
		{Preview, "preview on or off", "preview", []Scope{List}, []string{"p"}},
		{NextSection, "next section", "section", []Scope{List}, []string{"tab"}},
		{PrevSection, "previous section", "", []Scope{List}, []string{"shift+tab"}},
		{Section, "section 1 to 9", "", []Scope{List}, []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}},
		{ShowHealth, "customers: how good each one's data is, and why", "data", []Scope{Global}, []string{"!"}},
		{Refresh, "read this customer again", "refresh", lists, []string{"r"}},
		{RefreshAll, "read all customers again", "", []Scope{Global}, []string{"R", "ctrl+r"}},
		{SignIn, "sign in, or sign in again", "", []Scope{Global}, []string{"S"}},
		{Down, "down", "", moves, []string{"j", "down"}},
		{Up, "up", "", moves, []string{"k", "up"}},
		{PageDown, "a page down", "", moves, []string{"pgdown", "ctrl+f"}},
		{PageUp, "a page up", "", moves, []string{"pgup", "ctrl+b"}},
		{HalfDown, "half a page down", "", moves, []string{"ctrl+d"}},
		{HalfUp, "half a page up", "", moves, []string{"ctrl+u"}},
		{Home, "to the first", "", moves, []string{"g", "home"}},
		{End, "to the last", "", moves, []string{"G", "end"}},
		{Help, "this help", "help", []Scope{Global}, []string{"?"}},
		{Back, "back one level; clears a filter", "back", []Scope{Global}, []string{"esc", "alt+esc"}},
		{Quit, "back one level, and quit at the queue", "quit", []Scope{Global}, []string{"q"}},
		{QuitNow, "quit from anywhere (twice)", "", []Scope{Global}, []string{"ctrl+c"}},
		{Redraw, "draw the screen anew", "", []Scope{Global}, []string{"ctrl+l"}},
	}
}
