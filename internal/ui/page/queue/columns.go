package queue

import (
	"fmt"
	"slices"
	"strings"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/widget/table"
)

// Column is one column that a list can have.
type Column struct {
	ID      string
	Title   string
	Meaning string
	Order   soc.Order // what sorting by it means; empty where it cannot be sorted by
	usual   bool      // shown where a section does not choose
	width   int
	flex    bool
	right   bool
	plain   bool // the cursor's paint ends in front of it
	fixed   bool // stays when a wide list scrolls
	drop    int  // narrow screens do without, the highest first; 0 stays
}

// Columns lists all columns, in their usual order.
func Columns() []Column {
	return []Column{
		{ID: "sev", Title: "SEV", Meaning: "severity", Order: soc.OrderSeverity, usual: true, width: 6, fixed: true},
		{ID: "left", Title: "LEFT", Meaning: "time left until the SLA's end", Order: "sla", usual: true, width: 6, right: true, fixed: true},
		{ID: "cust", Title: "CUST", Meaning: "the customer's code", Order: soc.OrderTenant, usual: true, width: 4, fixed: true},
		{ID: "id", Title: "ID", Meaning: "the incident's number", Order: "id", usual: true, width: 5, plain: true, fixed: true},
		{ID: "title", Title: "TITLE", Meaning: "title", Order: "title", usual: true, width: 28, flex: true, plain: true},
		{ID: "alerts", Title: "ALERTS", Meaning: "number of alerts", Order: "alerts", usual: true, width: 6, right: true, drop: 2, plain: true},
		{ID: "entities", Title: "ENTITIES", Meaning: "devices, users and what else it reaches", Order: "entities", usual: true, width: 12,
			drop: 3, plain: true},
		{ID: "status", Title: "STATUS", Meaning: "status", Order: "status", usual: true, width: 8, plain: true},
		{ID: "owner", Title: "OWNER", Meaning: "who has it", Order: "owner", usual: true, width: 8, drop: 1, plain: true},
		{ID: "src", Title: "SRC", Meaning: "which services know it: D Defender, S Sentinel", Order: "source", usual: true, width: 3, drop: 4, plain: true},
		{ID: "age", Title: "AGE", Meaning: "time since it was opened", Order: soc.OrderAge, width: 4, right: true, drop: 5, plain: true},
		{ID: "updated", Title: "CHANGED", Meaning: "time since its last change", Order: soc.OrderUpdated, width: 7, right: true, drop: 5, plain: true},
		{ID: "customer", Title: "CUSTOMER", Meaning: "the customer's name", Order: soc.OrderTenant, width: 18, drop: 6, plain: true},
		{ID: "verdict", Title: "VERDICT", Meaning: "classification and determination", Order: "status", width: 16, drop: 7, plain: true},
		{ID: "tech", Title: "TECHNIQUES", Meaning: "MITRE ATT&CK techniques", width: 14, drop: 8, plain: true},
		{ID: "tags", Title: "TAGS", Meaning: "the customer's and the system's tags", width: 14, drop: 9, plain: true},
	}
}

// UsualColumns are the ids of the columns that a section has which does not choose.
func UsualColumns() []string {
	var ids []string
	for _, c := range Columns() {
		if c.usual {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// ColumnNamed gives the id of a column by its id or by its title, in any case.
func ColumnNamed(word string) string {
	for _, c := range Columns() {
		if strings.EqualFold(c.ID, word) || strings.EqualFold(c.Title, word) {
			return c.ID
		}
	}
	return word
}

// CheckColumns reads the ids that a section chooses. Each has to be one of Columns and stand there once; the customer's
// code, the number and the title always show, since no row may be without them.
func CheckColumns(ids []string) error {
	var known []string
	for _, c := range Columns() {
		known = append(known, c.ID)
	}
	seen := make(map[string]bool)
	for _, id := range ids {
		if !slices.Contains(known, id) {
			if near, ok := soc.Nearest(id, known); ok {
				return fmt.Errorf("there is no column %s: did you mean %s?", text.Quote(id), near)
			}
			return fmt.Errorf("there is no column %s: there are %s", text.Quote(id), strings.Join(known, ", "))
		}
		if seen[id] {
			return fmt.Errorf("the column %s stands there twice", id)
		}
		seen[id] = true
	}
	for _, id := range needed() {
		if len(ids) > 0 && !seen[id] {
			return fmt.Errorf("the column %s cannot be left out: a row always says whose it is and what", id)
		}
	}
	return nil
}

// Needed tells whether a list can never be without a column.
func Needed(id string) bool { return slices.Contains(needed(), id) }

func needed() []string { return []string{"cust", "id", "title"} }

// chosen gives the columns of a list in its order; ids that are unknown are left out.
func chosen(ids []string) []Column {
	if len(ids) == 0 {
		ids = UsualColumns()
	}
	all := Columns()
	var out []Column
	for _, id := range ids {
		if n := slices.IndexFunc(all, func(c Column) bool { return c.ID == id }); n >= 0 {
			out = append(out, all[n])
		}
	}
	return out
}

// lay makes the table's columns. The codes and numbers get the width that the longest of them has. The cursor's paint
// ends in front of the first plain column.
func lay(list []Column, w Widths) []table.Column {
	out := make([]table.Column, len(list))
	for n, c := range list {
		out[n] = table.Column{ID: c.ID, Title: c.Title, Width: c.width, Flex: c.flex, Right: c.right, Drop: c.drop, Plain: c.plain, Fixed: c.fixed}
		switch c.ID {
		case "cust":
			out[n].Width = max(c.width, min(w.code, 8))
		case "id":
			out[n].Width = max(c.width, min(w.number, 14))
		}
	}
	return out
}
