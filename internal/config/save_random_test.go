package config

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// draft writes a file of views with comments and blank lines wherever there may be some.
type draft struct {
	*rand.Rand
	strings.Builder
	comments int
}

// lines writes some lines of comments.
func (d *draft) lines(margin string) {
	for d.IntN(3) == 0 {
		if d.IntN(3) == 0 {
			d.WriteString("\n")
		}
		d.comments++
		fmt.Fprintf(d, "%s# c%d\n", margin, d.comments)
		if d.IntN(4) == 0 {
			d.WriteString("\n")
		}
	}
}

// end ends a line, with a comment or without.
func (d *draft) end() {
	if d.IntN(3) == 0 {
		d.comments++
		fmt.Fprintf(d, " # c%d", d.comments)
	}
	d.WriteString("\n")
}

func (d *draft) view(n int, margin string) {
	if d.IntN(3) == 0 {
		fmt.Fprintf(d, "%s- {name: v%d, filter: \"x\", columns: [a, b]}", margin, n)
		d.end()
		return
	}
	fmt.Fprintf(d, "%s- name: v%d", margin, n)
	d.end()
	for _, key := range []string{"filter: x", "sort: age", "columns: [a, b]"} {
		d.lines(margin + "  ")
		if d.IntN(2) == 0 {
			d.WriteString(margin + "  " + key)
			d.end()
		}
	}
}

func drafted(seed uint64) string {
	d := &draft{Rand: rand.New(rand.NewPCG(seed, 1))}
	d.lines("")
	d.WriteString("views:")
	d.end()
	margin := strings.Repeat("  ", d.IntN(2))
	for n := range 1 + d.IntN(3) {
		d.lines(margin)
		d.view(n, margin)
	}
	d.lines("")
	return d.String()
}

// However a file is written, a new view changes no line of it, and no save loses a comment.
func TestSavesKeepLinesAndComments(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		data := drafted(seed)
		added, err := editViews("views.yaml", []byte(data), func(s *sheet) error { s.put(SavedView{Name: "new", Sort: "age"}); return nil })
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, data)
		}
		left := slices.DeleteFunc(strings.SplitAfter(string(added), "\n"), func(l string) bool {
			return strings.TrimSpace(l) == "- name: new" || strings.TrimSpace(l) == "sort: age" && !strings.Contains(data, l)
		})
		for _, line := range strings.SplitAfter(data, "\n") {
			if i := slices.Index(left, line); i >= 0 {
				left = slices.Delete(left, 0, i+1)
			} else {
				t.Fatalf("seed %d: the line %q went or moved\n%s\ngave\n%s", seed, line, data, added)
			}
		}
		replaced, err := editViews("views.yaml", []byte(data), func(s *sheet) error {
			s.put(SavedView{Name: "V0", Filter: "y", Sort: "age", Columns: []string{"a", "b"}})
			return nil
		})
		if err != nil { // refused, and the file is as it was
			continue
		}
		for n := 1; strings.Contains(data+"\n", fmt.Sprintf("# c%d\n", n)); n++ {
			if strings.Count(string(replaced), fmt.Sprintf("# c%d\n", n)) != 1 {
				t.Fatalf("seed %d: the comment c%d is not there once\n%s\ngave\n%s", seed, n, data, replaced)
			}
		}
	}
}
