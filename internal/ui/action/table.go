package action

// The actions.
const (
	Open         ID = "open"
	Portal       ID = "portal"
	CopyLink     ID = "copy-link"
	CopyRef      ID = "copy-reference"
	Copy         ID = "copy"
	PivotUser    ID = "same-user"
	PivotDevice  ID = "same-device"
	PivotAlert   ID = "same-alert"
	Why          ID = "why"
	Mark         ID = "mark"
	MarkRange    ID = "mark-range"
	MarkAll      ID = "mark-all"
	ClearMarks   ID = "clear-marks"
	Arrivals     ID = "arrivals"
	ColumnLeft   ID = "column-left"
	ColumnRight  ID = "column-right"
	SortColumn   ID = "sort-column"
	Sort         ID = "sort"
	Wide         ID = "wide"
	Columns      ID = "columns"
	Filter       ID = "filter"
	FindNext     ID = "find-next"
	FindPrev     ID = "find-previous"
	SaveSection  ID = "save-section"
	DropSection  ID = "delete-section"
	NextSection  ID = "next-section"
	PrevSection  ID = "previous-section"
	Section      ID = "section"
	Switch       ID = "tenant"
	SwitchGroup  ID = "group"
	ToggleAll    ID = "all"
	ShowHealth   ID = "customers"
	ShowActivity ID = "activity"
	Last         ID = "last"
	Backward     ID = "history-back"
	Forward      ID = "history-forward"
	Preview      ID = "preview"
	PreviewSide  ID = "preview-side"
	Mouse        ID = "mouse"
	Privacy      ID = "privacy"
	LowBandwidth ID = "low-bandwidth"
	Theme        ID = "theme"
	Lock         ID = "lock"
	Redraw       ID = "redraw"
	Command      ID = "command"
	Palette      ID = "palette"
	Help         ID = "help"
	Refresh      ID = "refresh"
	RefreshAll   ID = "refresh-all"
	ReadOnly     ID = "read-only"
	ReadOnlyAll  ID = "read-only-all"
	SignIn       ID = "sign-in"
	Reload       ID = "reload"
	Suspend      ID = "suspend"
	Back         ID = "back"
	Quit         ID = "quit"
	QuitNow      ID = "quit-now"
	Up           ID = "up"
	Down         ID = "down"
	PageUp       ID = "page-up"
	PageDown     ID = "page-down"
	HalfUp       ID = "half-page-up"
	HalfDown     ID = "half-page-down"
	Home         ID = "home"
	End          ID = "end"
)

// All lists every action; help and footer keep this order. Keys follow terminal 8.4 with DESIGN's change to it; the rare
// ones stand behind a comma, which shows how it can go on.
func All() []Action {
	var all []Action
	for _, part := range [][]Action{onIncident(), onList(), finding(), going(), looking(), program(), motion()} {
		all = append(all, part...)
	}
	return all
}

func onIncident() []Action {
	rows := []Scope{List, Incident}
	return group(OnIncident, []Action{
		{ID: Open, Title: "open the incident, or switch to the customer", Short: "open", Scopes: []Scope{List, Customers, Activity},
			Keys: []string{"enter"}, Arg: ArgReference},
		{ID: Portal, Title: "open the portal page; over SSH show its link", Short: "portal", Scopes: rows, Keys: []string{"o"}},
		{ID: CopyLink, Title: "copy the portal link, or the address of the sign-in", Short: "copy link", Scopes: []Scope{List, Incident, Overlay}, Keys: []string{"Y"}},
		{ID: CopyRef, Title: "copy the reference, or the code of the sign-in", Short: "copy ref", Scopes: []Scope{List, Incident, Overlay}, Keys: []string{"y"}},
		{ID: Copy, Title: "copy the row, its JSON, its link or its reference", Scopes: rows, Arg: ArgFormat},
		{ID: PivotUser, Title: "other incidents of this customer with the same user", Scopes: rows, Keys: []string{"u"}},
		{ID: PivotDevice, Title: "other incidents of this customer with the same device", Scopes: rows, Keys: []string{"d"}},
		{ID: PivotAlert, Title: "incidents of all customers with the same alert", Scopes: rows, Keys: []string{"L"}},
		{ID: Why, Title: "say why the row is where it is", Scopes: []Scope{List}, Keys: []string{"w"}},
	})
}

func onList() []Action {
	list := []Scope{List}
	return group(OnList, []Action{
		{ID: Mark, Title: "mark the row, or take its mark away", Short: "mark", Scopes: list, Keys: []string{"space"}},
		{ID: MarkRange, Title: "begin a range of marks; again ends it", Scopes: list, Keys: []string{"v"}},
		{ID: MarkAll, Title: "mark all shown", Scopes: list, Keys: []string{"*"}},
		{ID: ClearMarks, Title: "take all marks away", Scopes: list, Keys: []string{"V"}},
		{ID: Arrivals, Title: "show what is new", Short: "new", Scopes: list, Keys: []string{"."}},
		{ID: ColumnLeft, Title: "column to the left; scrolls a wide list", Scopes: list, Keys: []string{"h", "left"}},
		{ID: ColumnRight, Title: "column to the right; scrolls a wide list", Scopes: list, Keys: []string{"l", "right"}},
		{ID: SortColumn, Title: "sort by the marked column; again turns it round", Short: "sort", Scopes: list, Keys: []string{"O"}},
		{ID: Sort, Title: "sort by an order's name", Scopes: list, Aliases: []string{"order"}, Arg: ArgOrder},
		{ID: Wide, Title: "all columns, also those without room", Scopes: list, Keys: []string{"W"}},
		{ID: Columns, Title: "choose and order the columns", Scopes: list, Keys: []string{"C"}, Arg: ArgColumns},
	})
}

func finding() []Action {
	list, found := []Scope{List}, []Scope{List, Incident, Activity, Customers}
	return group(Finding, []Action{
		{ID: Filter, Title: "filter the list, or search the page", Short: "filter", Scopes: found, Keys: []string{"/"}, Arg: ArgFilter},
		{ID: FindNext, Title: "next match on the page", Scopes: []Scope{Incident}, Keys: []string{"n"}},
		{ID: FindPrev, Title: "previous match on the page", Scopes: []Scope{Incident}, Keys: []string{"N"}},
		{ID: SaveSection, Title: "save filter, order and columns as a section", Scopes: list, Keys: []string{"s"}, Aliases: []string{"save"}, Arg: ArgName},
		{ID: DropSection, Title: "delete a saved section", Scopes: list, Arg: ArgSection},
		{ID: NextSection, Title: "next section", Short: "section", Scopes: list, Keys: []string{"tab"}},
		{ID: PrevSection, Title: "previous section", Scopes: list, Keys: []string{"shift+tab"}},
		{ID: Section, Title: "go to a section by name or number", Scopes: list, Arg: ArgSection},
		sectionKey("1"), sectionKey("2"), sectionKey("3"), sectionKey("4"), sectionKey("5"), sectionKey("6"), sectionKey("7"),
		sectionKey("8"), sectionKey("9"),
	})
}

// sectionPrefix begins the ids of the actions that go to a section by its number.
const sectionPrefix = "section-"

func sectionKey(n string) Action {
	return Action{ID: ID(sectionPrefix + n), Title: "go to section " + n, Scopes: []Scope{List}, Keys: []string{n}}
}

// SectionOf gives the position of the section that an action goes to, if it is one of those.
func SectionOf(id ID) (int, bool) {
	if len(id) == len(sectionPrefix)+1 && id[:len(sectionPrefix)] == sectionPrefix {
		return int(id[len(sectionPrefix)] - '1'), true
	}
	return 0, false
}

func going() []Action {
	all := []Scope{Global}
	return group(Go, []Action{
		{ID: Switch, Title: "switch to a customer, a group, or all", Short: "customer", Scopes: all, Keys: []string{"t"},
			Aliases: []string{"customer", "switch"}, Arg: ArgCustomer},
		{ID: SwitchGroup, Title: "switch to a group of customers", Scopes: all, Arg: ArgGroup},
		{ID: ToggleAll, Title: "all customers, and back", Short: "all", Scopes: all, Keys: []string{"T"}},
		{ID: ShowHealth, Title: "customers: how good each one's data is, and why", Short: "data", Scopes: all, Keys: []string{"D"},
			Aliases: []string{"tenants", "data"}},
		{ID: ShowActivity, Title: "activity: tasks, calls and errors", Scopes: all, Keys: []string{"@"}, Aliases: []string{"calls"}},
		{ID: Last, Title: "the view of before, and back", Scopes: all, Keys: []string{"-"}},
		{ID: Backward, Title: "back in the history of views", Scopes: all, Keys: []string{"["}},
		{ID: Forward, Title: "forward in the history of views", Scopes: all, Keys: []string{"]"}},
		{ID: Back, Title: "back one level; clears a filter", Short: "back", Scopes: []Scope{Global, Overlay}, Keys: []string{"esc", "alt+esc"}},
	})
}

func looking() []Action {
	all, list := []Scope{Global}, []Scope{List}
	return group(Look, []Action{
		{ID: Preview, Title: "preview on or off", Short: "preview", Scopes: list, Keys: []string{"p"}, Arg: ArgSwitch},
		{ID: PreviewSide, Title: "preview below or to the right", Scopes: list, Keys: []string{"P"}},
		{ID: Mouse, Title: "mouse on or off; while it is on, shift and drag selects text", Scopes: all, Keys: []string{"m"}, Arg: ArgSwitch},
		{ID: Privacy, Title: "mask the names of customers and users", Scopes: all, Keys: []string{", p"}, Arg: ArgSwitch},
		{ID: LowBandwidth, Title: "write less over a slow line", Scopes: all, Keys: []string{", b"}, Arg: ArgSwitch},
		{ID: Theme, Title: "choose a theme", Scopes: all, Keys: []string{", t"}, Arg: ArgTheme},
		{ID: Lock, Title: "blank the screen until a key, or a sign-in", Scopes: all, Keys: []string{", l"}},
		{ID: Redraw, Title: "draw the screen anew", Scopes: all, Keys: []string{"ctrl+l"}},
	})
}

func program() []Action {
	all := []Scope{Global}
	return group(Program, []Action{
		{ID: Command, Title: "type a command", Short: "command", Scopes: all, Keys: []string{":"}},
		{ID: Palette, Title: "find an action and run it", Scopes: all, Keys: []string{"ctrl+p"}},
		{ID: Help, Title: "what can be done here; enter runs it", Short: "help", Scopes: all, Keys: []string{"?"}},
		{ID: Refresh, Title: "read this customer again", Short: "refresh", Scopes: Pages(), Keys: []string{"r"}, Arg: ArgCustomer},
		{ID: RefreshAll, Title: "read all customers again", Scopes: all, Keys: []string{"R", "ctrl+r"}},
		{ID: ReadOnly, Title: "read only on or off for this customer", Scopes: all, Keys: []string{"!"}, Arg: ArgCustomer, Danger: Guards},
		{ID: ReadOnlyAll, Title: "read only on or off for all customers", Scopes: all, Arg: ArgSwitch, Danger: Guards},
		{ID: SignIn, Title: "sign in, or sign in again", Scopes: all, Keys: []string{"S"}, Aliases: []string{"login"}},
		{ID: Reload, Title: "read configuration, keys, views and theme again", Scopes: all, Keys: []string{", r"}},
		{ID: Suspend, Title: "go to the shell; fg comes back", Scopes: all, Keys: []string{"ctrl+z"}},
		{ID: Quit, Title: "back one level, and quit at the queue", Short: "quit", Scopes: []Scope{Global, Overlay}, Keys: []string{"q"}, Aliases: []string{"q"}},
		{ID: QuitNow, Title: "quit from anywhere (twice)", Scopes: []Scope{Global, Overlay}, Keys: []string{"ctrl+c"}},
	})
}

func motion() []Action {
	moves := Pages()
	return group(Motion, []Action{
		{ID: Down, Title: "down", Scopes: moves, Keys: []string{"j", "down"}},
		{ID: Up, Title: "up", Scopes: moves, Keys: []string{"k", "up"}},
		{ID: PageDown, Title: "a page down", Scopes: moves, Keys: []string{"pgdown", "ctrl+f"}},
		{ID: PageUp, Title: "a page up", Scopes: moves, Keys: []string{"pgup", "ctrl+b"}},
		{ID: HalfDown, Title: "half a page down", Scopes: moves, Keys: []string{"ctrl+d"}},
		{ID: HalfUp, Title: "half a page up", Scopes: moves, Keys: []string{"ctrl+u"}},
		{ID: Home, Title: "to the first", Scopes: moves, Keys: []string{"g", "home"}},
		{ID: End, Title: "to the last", Scopes: moves, Keys: []string{"G", "end"}},
	})
}

func group(g Group, list []Action) []Action {
	for n := range list {
		list[n].Group = g
	}
	return list
}
