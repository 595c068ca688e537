package queue

import (
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
)

// Side draws an incident to the right of the list: the same as Preview, over more and shorter lines.
func Side(l Look, i *soc.Incident, width, height int, link func(string) string) []string {
	theme, snap, now := l.Theme, l.Snap, l.Now
	name := fit.Cut(fit.Narrow(i.Tenant.Name.String()), max(0, width-3-fit.Width(i.Ref.String())))
	lines := []string{link(theme.On(style.Accent, fit.Cut(i.Ref.String(), width))) + " · " + name}
	mark := SeverityMark(i.Severity)
	for n, l := range fit.Wrap(i.Title.String(), width-fit.Width(mark)-2, 3) {
		if n == 0 {
			lines = append(lines, theme.On(SeverityPaint(i.Severity), mark)+" "+flag(theme, i.Title.Altered())+theme.On(style.Title, l))
			continue
		}
		lines = append(lines, spaces(fit.Width(mark)+2)+theme.On(style.Title, l))
	}
	add := func(paint style.Token, s string, most int) {
		for _, l := range fit.Wrap(s, width, most) {
			lines = append(lines, theme.On(paint, l))
		}
	}
	add(style.Text, summed(i, snap.Analyst, now), 4)
	add(style.Subtle, "why: "+soc.Reason(i, now), 2)
	if s := age(snap, i.Ref.Tenant, now); s != "" {
		add(style.Medium, s[len(" · "):], 1)
	}
	add(style.Medium, warnings(i), 3)
	lines = append(lines, "")
	for _, h := range i.Digest.Heads {
		if len(lines) >= height-1 {
			break
		}
		lines = append(lines, theme.On(style.Subtle, Moment(h.At, now))+" "+flag(theme, h.Title.Altered())+
			fit.Cut(fit.Narrow(h.Title.String()), width-2-len(Moment(h.At, now))))
		if reached := words(h.Reached); reached != "" {
			lines = append(lines, "       "+theme.On(style.Subtle, fit.Cut(fit.Narrow(ProductWord(h.Service)+", "+reached), width-7)))
		}
	}
	for len(lines) < height {
		lines = append(lines, "")
	}
	return lines[:height]
}

// flag is the mark in front of altered text, or the blank in its place.
func flag(theme *style.Theme, altered bool) string {
	if altered {
		return theme.On(style.Medium, "!")
	}
	return " "
}

func spaces(n int) string { return fit.Left("", n) }
