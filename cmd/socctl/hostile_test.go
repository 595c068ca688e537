package main

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/socctl/socctl/internal/testkit/tty"
	"github.com/socctl/socctl/internal/text/hostile"
)

// The numbers of the incidents of the hostile estate.
const (
	hostileIDs = 100000
	benignIDs  = 500000
	carrierID  = 900000
)

// benignTitle is longer than its column, so that a cell that is off by one shows.
func benignTitle(n int) string {
	return fmt.Sprintf("Harmless %03d %s", n, strings.Repeat("with a title that is cut ", 6))
}

// bad tells whether a text must be marked where it is shown: it has what may not be shown, and not only odd spaces.
func bad(s string) bool {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || hostile.Forbidden(r) && !unicode.Is(unicode.Zs, r) {
			return true
		}
		i += n
	}
	return false
}

// rows finds the rows of the list by the number of their incident.
func rows(s tty.Screen) map[string]int {
	x, head, ok := s.Find("ID ")
	found := map[string]int{}
	for y := head + 1; ok && y < s.Rows; y++ {
		if id := strings.TrimSpace(s.Part(y, x, x+6)); len(id) == 6 && strings.Trim(id, "0123456789") == "" {
			found[id] = y
		}
	}
	return found
}

// everything opens the section with all incidents on a screen that has room for them.
func everything(t *testing.T, p *payload, count int) *tty.Program {
	t.Helper()
	h := newHome(t)
	c := demo(t, h, tty.Options{Cols: 160, Rows: count + 30}, "--customers", "4", "--incidents", "0", "--still", "--payloads", p.dir)
	c.WaitFor("A demo")
	c.Press("6")
	for {
		s := c.WaitUntil("all rows", func(s tty.Screen) bool { return len(rows(s)) == count || s.Shows(" new . ") })
		if len(rows(s)) == count {
			break
		}
		before := s.String()
		c.Press(".") // rows that came after the first key wait to be let in, and more may come meanwhile
		c.WaitUntil("the rows that waited", func(s tty.Screen) bool { return s.String() != before })
	}
	return c
}

// complete gives a picture of the list in the middle of no frame: drawn anew from the help, its last line comes last.
func complete(p *tty.Program, count int) tty.Screen {
	p.Press("?")
	p.WaitUntil("the help", func(s tty.Screen) bool { return strings.Contains(s.Line(-1), "enter runs it") })
	p.Press("esc")
	return p.WaitUntil("the whole list", func(s tty.Screen) bool { return strings.Contains(s.Line(-1), "enter open") && len(rows(s)) == count })
}

func quit(t *testing.T, p *tty.Program) {
	t.Helper()
	p.Press("q")
	if code := p.Exit(soon); code != 0 {
		t.Errorf("exit code %d", code)
	}
	whole(t, p)
	for uri := range links(p.Raw()) {
		if !strings.HasPrefix(uri, tty.Portal+"incidents/") {
			t.Errorf("a hyperlink leads to %q", uri)
		}
	}
	if len(copied(p.Raw())) > 0 {
		t.Errorf("something was put on the clipboard: %q", copied(p.Raw()))
	}
}

// TestHostileQueue shows a queue in which every second incident attacks with each of its texts, and the same queue without
// those: nothing reaches the terminal but the console's own vocabulary, and the harmless rows are the same.
func TestHostileQueue(t *testing.T) {
	t.Parallel()
	corpus := hostile.Corpus()
	attacked, calm := newPayload(t), newPayload(t)
	for n, s := range corpus {
		id := hostileIDs + 2*n
		attacked.incident(t, id, s.Text, s.Text, s.Text, attacked.alert(fmt.Sprintf("a%d", n), id, s.Text))
		for _, p := range []*payload{attacked, calm} {
			p.incident(t, benignIDs+2*n+1, benignTitle(n), "mira@northwind.example", "harmless", p.alert(fmt.Sprintf("b%d", n), benignIDs+2*n+1, "PC-23"))
		}
	}
	one, two := everything(t, attacked, 2*len(corpus)), everything(t, calm, len(corpus))
	sick, healthy := complete(one, 2*len(corpus)), complete(two, len(corpus))
	sickRows, healthyRows := rows(sick), rows(healthy)
	for n := range corpus {
		id := fmt.Sprint(benignIDs + 2*n + 1)
		y, z := sickRows[id], healthyRows[id]
		if y == 0 || z == 0 {
			t.Fatalf("row %s is not on both screens", id)
		}
		for x := range sick.Cols {
			if a, b := sick.Cells[y][x], healthy.Cells[z][x]; !a.Equal(&b) && !selected(sick, y) && !selected(healthy, z) {
				t.Errorf("row %s differs at cell %d:\n%s\n%s", id, x, sick.Line(y), healthy.Line(z))
				break
			}
		}
	}
	x, _, _ := sick.Find("TITLE")
	for n, s := range corpus {
		y := sickRows[fmt.Sprint(hostileIDs+2*n)]
		if y == 0 {
			t.Errorf("%s: its row is not there", s.Name)
			continue
		}
		mark := sick.Part(y, x-1, x)
		if bad(s.Text) && mark != "!" || mark != "!" && mark != " " {
			t.Errorf("%s: %q stands before the title:\n%s", s.Name, mark, sick.Line(y))
		}
	}
	one.Resize(160, 50)
	one.WaitUntil("a smaller list", func(s tty.Screen) bool { return s.Rows == 50 && s.Shows("TITLE") && s.Shows("── CONT-") })
	previews(one)
	everyPage(one)
	quit(t, one)
	quit(t, two)
}

// selected tells whether the cursor stands on a row.
func selected(s tty.Screen, y int) bool { return strings.Contains(s.Part(y, 0, 3), ">") }

// previews lets the cursor rest on some of the hostile rows.
func previews(p *tty.Program) {
	last := ""
	for n := range 12 {
		if n == 0 {
			p.Press("g")
		}
		p.Press(strings.Repeat("j", 38))
		p.WaitUntil("the preview of another row", func(s tty.Screen) bool {
			for id, y := range rows(s) {
				if selected(s, y) && id != last && s.Shows("── CONT-"+id) {
					last = id
					return true
				}
			}
			return false
		})
	}
}

// everyPage shows what else there is with hostile rows in it: the preview at the side, columns with the texts of attackers,
// pages, lists to choose from, what completion offers, and all of it masked.
func everyPage(p *tty.Program) {
	p.Press("P")
	p.WaitFor("│ CONT-")
	side := func() {
		for range 3 {
			before := p.Screen().String()
			p.Press(strings.Repeat("k", 17))
			p.WaitUntil("another preview", func(s tty.Screen) bool { return s.String() != before && s.Shows("│ CONT-") })
		}
	}
	side()
	p.Press(":columns cust,id,tags,tech,owner,title", "enter")
	p.WaitFor("6 columns.", "TECHNIQUES", "OWNER")
	p.Press("P") // the tags have room without the preview
	p.WaitFor("TAGS", "── CONT-")
	p.Press("P")
	p.WaitFor("│ CONT-")
	side()
	p.Press("W")
	p.WaitFor("All columns: ")
	p.Press("l", "l", "l", "h", "W")
	for _, open := range [][2]string{{"?", "What can be done here"}, {"\x10", "esc back"}, {"C", "Columns of Everything"}, {"t", "Switch to a customer"}} {
		p.Press(open[0])
		p.WaitFor(open[1])
		p.Press("esc")
		p.WaitFor("TITLE", "? help")
	}
	for _, words := range []string{"user:", "device:", "owner:", "tag:", "tech:", "file:", "ip:"} {
		p.Press("/")
		p.WaitFor("enter keep")
		p.Press(words, "tab")
		p.WaitFor("/ " + words)
		p.Press("esc")
		p.WaitFor("TITLE", "? help")
	}
	for _, key := range []string{"D", "@"} {
		p.Press(key)
		p.WaitGone("TITLE")
		p.Press("esc")
		p.WaitFor("TITLE", "? help")
	}
	p.Press("w")
	p.WaitFor("stands here by")
	p.Press(",", "p")
	p.WaitFor("│ C001-")
	p.Press(",", "p")
	p.WaitFor("│ CONT-")
	p.Press(":pagedown-nothing", "enter")
	p.WaitFor("enter run")
	p.Press("esc")
	p.WaitFor("TITLE", "? help")
	for _, key := range []string{"u", "d", "L"} {
		p.Press(key)
		s := p.WaitUntil("what "+key+" leads to", func(s tty.Screen) bool {
			return s.Shows("Incidents with the same") || s.Shows(" names no ") || s.Shows("Nothing can be filtered") || s.Shows(" · 1 ")
		})
		switch {
		case s.Shows("Incidents with the same"):
			p.Press("enter")
			p.WaitGone("Incidents with the same")
		case !s.Shows(" · 1 "):
			continue
		}
		p.Press("[")
		p.WaitUntil("the view of before", func(s tty.Screen) bool { return s.Shows("All customers ") && len(rows(s)) > 20 })
	}
}

// TestHostileIncident opens an incident whose alerts, evidence, tags and comments hold every hostile text, and pages through it.
func TestHostileIncident(t *testing.T) {
	t.Parallel()
	p := newPayload(t)
	var alerts []string
	var all strings.Builder
	for n, s := range hostile.Corpus() {
		alerts = append(alerts, p.alert(fmt.Sprintf("a%d", n), carrierID, s.Text))
		if len(s.Text) < 300 {
			all.WriteString(s.Text + "\n")
		}
	}
	p.incident(t, carrierID, "Carrier", "mira@northwind.example", all.String(), alerts...)
	p.incident(t, benignIDs, "Another", "mira@northwind.example", "harmless")
	c := everything(t, p, 2)
	c.Press("/")
	c.WaitFor("enter keep")
	c.Press("Carrier", "enter")
	c.WaitUntil("one row", func(s tty.Screen) bool { return len(rows(s)) == 1 && s.Shows("? help") })
	c.Resize(160, 200)
	c.WaitFor("TITLE")
	c.Press("enter")
	s := c.WaitFor("reference", "● Low", "more lines: j") // what is known before it is read has no severity of alerts
	pages := 0
	for ; !s.Shows("Comments"); pages++ {
		before := s.String()
		c.Press("pgdown")
		s = c.WaitUntil("another page", func(s tty.Screen) bool {
			return s.String() != before && (s.Shows("more lines: j") || s.Shows("Comments"))
		})
	}
	if pages < 5 {
		t.Errorf("only %d pages were shown:\n%s", pages, s)
	}
	c.Press("q")
	c.WaitFor("TITLE")
	c.Press("esc")
	c.WaitUntil("both rows", func(s tty.Screen) bool { return len(rows(s)) == 2 })
	quit(t, c)
}

// TestColumnsStandStillBesideOddText shows titles of many scripts and checks on the terminal's own cells that the columns
// behind them begin where their titles do.
func TestColumnsStandStillBesideOddText(t *testing.T) {
	t.Parallel()
	titles := []string{
		"plain", "共有ドキュメント: 予算2026 の共有ドキュメント: 予算2026 の共有ドキュメント: 予算2026 の共有ドキュメント: 予算2026", "한국어 제목입니다", "中" + strings.Repeat("文", 200), "x" + strings.Repeat("文", 200),
		"ｶﾞｷﾞｸﾞｹﾞｺﾞ half width", "क्षेत्र में संदिग्ध गतिविधि", "การเข้าสู่ระบบที่น่าสงสัย กำ", "عنوان عربي", "כותרת", "🔴 alarm 🚨 now", "👨\u200d👩\u200d👧\u200d👦 family", "🏳️\u200d🌈 flag 🇩🇪 🇩🇪",
		"👍🏽 thumbs 👍🏽", "⚠️ warning", "1️⃣ keycap", "Z" + strings.Repeat("\u0301", 200) + "algo", "e\u0301e\u0301e\u0301 combining", "ᄀᄀᄀᄀ jamo", "가각", "ﷺ ligature", "\u0600123", "①②③", "→ ● ■ ▲ │",
	}
	p := newPayload(t)
	for n, title := range titles {
		p.incident(t, hostileIDs+n, title, title, title, p.alert(fmt.Sprintf("a%d", n), hostileIDs+n, title))
	}
	c := everything(t, p, len(titles))
	for _, cols := range []int{160, 100, 80} {
		c.Resize(cols, len(titles)+30)
		s := c.WaitUntil("the list at this width", func(s tty.Screen) bool {
			x, _, ok := s.Find("STATUS")
			return ok && s.Cols == cols && x < cols && x > cols-36 && len(rows(s)) == len(titles)
		})
		x, head, _ := s.Find("STATUS")
		for y := head + 1; y <= head+len(titles); y++ {
			if got := s.Part(y, x-2, x+8); strings.TrimLeft(got, "! ") != "New     " || s.Cells[y][x].Content != "N" {
				t.Errorf("at %d columns the status is %q:\n%s\n%s", cols, got, s.Line(head), s.Line(y))
			}
		}
	}
	quit(t, c)
}
