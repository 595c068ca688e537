package main

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
)

// clipboards decodes what was put on the clipboard, in its order.
func clipboards(t *testing.T, raw []byte) []string {
	t.Helper()
	var found []string
	for _, c := range copied(raw) {
		data, ok := strings.CutPrefix(c, "]52;c;")
		if !ok {
			continue // the same again, wrapped for tmux
		}
		text, err := base64.StdEncoding.DecodeString(data)
		if err != nil {
			t.Errorf("%q: %v", c, err)
		}
		found = append(found, string(text))
	}
	return found
}

func TestEveryFormOfACopy(t *testing.T) {
	t.Parallel()
	p := demo(t, newHome(t), wide())
	id := listOf(fresh(p)).cursor
	for _, c := range [][2]string{{"y", "reference CONT-"}, {"Y", "link of CONT-"}, {":copy row", "row of CONT-"}, {":copy json", "JSON of CONT-"}, {":copy link", "link of CONT-"}} {
		p.Press(c[0])
		if strings.HasPrefix(c[0], ":") {
			p.Press("enter")
		}
		p.WaitFor("Copied the " + c[1] + id)
		p.Press("p", "p") // which takes the message away
		p.WaitGone("Copied the ")
	}
	p.Press(":copy", "enter")
	p.WaitFor("row", "json", "link", "reference", "esc back")
	p.Press("refer", "enter")
	p.WaitFor("Copied the reference CONT-" + id)
	leave(t, p)
	got := clipboards(t, p.Raw())
	if len(got) != 6 {
		t.Fatalf("%d copies: %q", len(got), got)
	}
	var incident struct{ Ref, Title string }
	if err := json.Unmarshal([]byte(got[3]), &incident); err != nil || incident.Ref != "CONT-"+id || !strings.Contains(got[3], "\n") {
		t.Errorf("the JSON is %q, %v", got[3], err)
	}
	row := strings.Split(got[2], "\t")
	if len(row) != 6 || row[0] != "CONT-"+id || row[4] != incident.Title || row[5] != got[1] {
		t.Errorf("the row is %q", got[2])
	}
	if got[0] != "CONT-"+id || got[5] != got[0] || got[4] != got[1] || !strings.HasPrefix(got[1], "https://security.microsoft.com/incidents/") {
		t.Errorf("copied: %q", got)
	}
}
