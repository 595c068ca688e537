package odata_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/simcloud/odata"
)

var at = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func schema() odata.Schema {
	return odata.Schema{
		"status":     {Kind: odata.Enum, Members: []string{"active", "inProgress", "resolved"}},
		"assignedTo": {Kind: odata.String}, "classification": {Kind: odata.Enum, Members: []string{"truePositive"}},
		"createdDateTime": {Kind: odata.Time},
	}
}

// row is an active incident of kai o'neil, not classified, created at noon.
func row(property string) odata.Value {
	switch property {
	case "status":
		return odata.Value{Text: "active"}
	case "assignedTo":
		return odata.Value{Text: "kai o'neil"}
	case "createdDateTime":
		return odata.Value{Time: at}
	default:
		return odata.Value{Null: true}
	}
}

func TestFilterMatches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, filter string
		want         bool
	}{
		{"equal", "status eq 'active'", true},
		{"enum without case", "Status EQ 'ACTIVE'", true},
		{"not equal", "status ne 'active'", false},
		{"and binds closer than or", "status eq 'active' or status eq 'resolved' and assignedTo eq 'x'", true},
		{"parentheses", "(status eq 'active' or status eq 'resolved') and assignedTo eq 'x'", false},
		{"not", "not status eq 'active'", false},
		{"not of parentheses", "not (status eq 'resolved' or assignedTo eq 'x')", true},
		{"double not", "not not status eq 'active'", true},
		{"quote in a string", "assignedTo eq 'kai o''neil'", true},
		{"null", "classification eq null", true},
		{"not null", "assignedTo ne null", true},
		{"null is not before", "classification ne 'truePositive'", true},
		{"time greater", "createdDateTime gt 2026-11-22T11:59:59.9999999Z", true},
		{"time greater or equal", "createdDateTime ge 2026-11-22T12:00:00Z", true},
		{"time less", "createdDateTime lt 2026-11-22T12:00:00Z", false},
		{"time less or equal", "createdDateTime le 2026-11-22T12:00:00Z", true},
		{"time with an offset", "createdDateTime eq 2026-11-22T13:00:00+01:00", true},
		{"string order", "assignedTo gt 'jon'", true},
		{"tabs and spaces", "  status\teq  'active' ", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e, err := odata.Parse(c.filter, schema())
			if err != nil {
				t.Fatal(err)
			}
			if got := e.Match(row); got != c.want {
				t.Errorf("%s: %v, want %v", c.filter, got, c.want)
			}
		})
	}
}

func TestFilterIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, filter, says string }{
		{"empty", "", "Expression expected"},
		{"other property", "incidentId eq '1'", "'incidentId'"},
		{"no operator", "status", "Syntax error"},
		{"unknown operator", "status in ('active')", "Syntax error"},
		{"function", "contains(assignedTo,'kai')", "unknown function"},
		{"unquoted enum", "status eq active", "incompatible types"},
		{"unknown member", "status eq 'closed'", "not a valid enumeration"},
		{"order of enums", "status gt 'active'", "not supported"},
		{"quoted time", "createdDateTime ge '2026-11-22T12:00:00Z'", "incompatible types"},
		{"date alone", "createdDateTime ge 2026-11-22", "incompatible types"},
		{"open string", "assignedTo eq 'kai", "unterminated"},
		{"open parenthesis", "(status eq 'active'", "')'"},
		{"trailing words", "status eq 'active' status", "Syntax error"},
		{"too deep", strings.Repeat("(", 100) + "status eq 'active'" + strings.Repeat(")", 100), "recursion"},
		{"too many nots", strings.Repeat("not ", 100) + "status eq 'active'", "recursion"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := odata.Parse(c.filter, schema())
			var syntax *odata.SyntaxError
			if !errors.As(err, &syntax) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q: %v, want an error that says %q", c.filter, err, c.says)
			}
		})
	}
}

func FuzzFilter(f *testing.F) {
	for _, s := range []string{"status eq 'active'", "not (a or b)", "createdDateTime ge 2026-11-22T12:00:00Z and assignedTo ne null", "((((", "'", "''''"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := odata.Parse(s, schema())
		var syntax *odata.SyntaxError
		if err != nil {
			if !errors.As(err, &syntax) || syntax.Offset < 0 || syntax.Offset > len(s) {
				t.Fatalf("%q: %#v", s, err)
			}
			return
		}
		negated, err := odata.Parse("not ("+s+")", schema())
		if err != nil {
			if strings.Contains(err.Error(), "recursion") {
				return
			}
			t.Fatalf("%q parses, its negation does not: %v", s, err)
		}
		if e.Match(row) == negated.Match(row) {
			t.Fatalf("%q and its negation agree", s)
		}
	})
}
