package config

import (
	"slices"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/soc"
)

func vocabulary() soc.Vocabulary {
	return soc.Vocabulary{Codes: []soc.Code{"CONT"}, Groups: []string{"gold"}}
}

func TestColumnsAndOrdersOfViews(t *testing.T) {
	t.Parallel()
	c := mustParse(t, small+`views:
  - name: a
    sort: -age
    columns: [severity, age-2]
  - {name: b, sort: Updated}
  - {name: c}
`)
	a := c.Views[0]
	if want := []Column{{"severity", "config.yaml:9"}, {"age-2", "config.yaml:9"}}; a.At != "config.yaml:7" || !slices.Equal(a.Columns, want) {
		t.Errorf("a is %+v", a)
	}
	want, err := soc.ParseOrder("-age")
	if err != nil || a.Sort != want || c.Views[1].Sort != soc.OrderUpdated || c.Views[2].Sort != soc.OrderUrgency || c.Views[2].Columns != nil {
		t.Errorf("%v: the views are %+v", err, c.Views)
	}
	c = mustParse(t, small, "SOCCTL_VIEWS=[{name: a, columns: [x]}]")
	if v := c.Views[0]; v.At != "SOCCTL_VIEWS" || v.Columns[0].At != "SOCCTL_VIEWS" {
		t.Errorf("from a variable: %+v", v)
	}
}

func TestFaultsOfColumns(t *testing.T) {
	t.Parallel()
	for columns, want := range map[string]string{
		"age":        `6:28: columns wants a list, not a single value`,
		"[Age]":      `6:29: an entry of columns: "Age" is not a name: it has small letters, digits and single dashes, at most 32`,
		"[age, age]": `6:34: columns: age is given twice, first in line 6`,
		"[" + strings.Repeat("a,", maxColumns) + "b]": `6:28: columns has more than 32 entries`,
	} {
		c, err := Parse("config.yaml", []byte(small+"views: [{name: a, columns: "+columns+"}]\n"), nil)
		if got := faultsOf(t, c, err); !slices.Equal(got, []string{"config.yaml:" + want}) {
			t.Errorf("%s: %q", columns, got)
		}
	}
}

func TestAnUnknownOrderBehindAMinus(t *testing.T) {
	t.Parallel()
	c, err := Parse("config.yaml", []byte(small+"views: [{name: a, sort: -ugrency}]\n"), nil)
	if got := faultsOf(t, c, err); len(got) != 1 || !strings.HasSuffix(got[0], `did you mean "-urgency"?`) {
		t.Errorf("%q", got)
	}
}

func TestReadViewsKeepsWhatItCannotUnderstand(t *testing.T) {
	t.Parallel()
	path := write(t, t.TempDir(), "views.yaml", []byte(`views:
  - {name: First, filter: "status:new"}
  - {name: Gone, filter: "tenant:CONS\u200d", sort: age}
  - name: Both
    filter: "status:nwe"
    sort: urgncy
  - {name: Last, filter: "group:gold", columns: [title]}
`))
	got, err := ReadViews(path, vocabulary())
	if err != nil || len(got.List) != 2 || len(got.Broken) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	if got.List[0].Name.String() != "First" || got.List[1].Name.String() != "Last" || got.List[1].Columns[0] != (Column{"title", path + ":7"}) {
		t.Errorf("the views are %+v", got.List)
	}
	gone, both := got.Broken[0], got.Broken[1]
	if gone.Name.String() != "Gone" || gone.Filter.String() != `tenant:CONS\u{200d}` || gone.Sort.String() != "age" || gone.Before != 1 ||
		!strings.HasPrefix(gone.Why, path+":3:26: filter: ") {
		t.Errorf("%+v", gone)
	}
	if why := both.Why; !strings.HasPrefix(why, path+":5:13: filter: ") || !strings.Contains(why, "; "+path+`:6:11: sort: "urgncy" is none of `) ||
		!strings.HasSuffix(why, `did you mean "urgency"?`) || strings.Contains(why, "\n") || both.Before != 1 {
		t.Errorf("%+v", both)
	}
}

func TestFaultsOfAFileOfViews(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		"view: []\n":                                  `1:1: unknown key "view": did you mean "views"?`,
		"views: {a: b}\n":                             `1:8: views wants a list, not keys`,
		"views:\n  - {nam: a}\n":                      `2:6: unknown key "nam": did you mean "name"?`,
		"views:\n  - {filter: a}\n":                   `2:5: name is missing: the title of the tab`,
		"views:\n  - {name: a}\n  - {name: A}\n":      `3:12: name: there is a view "A" already, in line 2`,
		"views:\n  - {name: a, name: b}\n":            `2:15: the key "name" is given twice, first in line 2`,
		"views:\n  - {name: a, filter: [b]}\n":        `2:23: filter wants a single value, not a list`,
		"views:\n  - {name: a, filter: \"\\n\"}\n":    `2:23: filter: there is a line break or an invisible character in the value`,
		"views: [" + strings.Repeat("{},", 101) + "]": `1:8: views has more than 100 entries`,
	} {
		got, err := parseViews("views.yaml", []byte(data), vocabulary())
		if err == nil || got.List != nil || got.Broken != nil || err.Error() != "views.yaml:"+want {
			t.Errorf("%q:\ngot  %v\nwant views.yaml:%s", data, err, want)
		}
	}
}
