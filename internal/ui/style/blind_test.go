package style

import (
	"fmt"
	"image/color"
	"math"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
)

type matrix [3][3]float64

// deficiencies gives the matrices that show a colour, as linear sRGB, as somebody without one kind of cones sees it: for
// all three from Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision
// Deficiency" (2009, severity 1), and as a second opinion on red and green from Viénot, Brettel and Mollon, "Digital
// video colourmaps for checking the legibility of displays by dichromats" (1999).
func deficiencies() map[string]matrix {
	return map[string]matrix{
		"full sight":             {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
		"protanopia (Machado)":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
		"deuteranopia (Machado)": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
		"tritanopia (Machado)":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
		"protanopia (Viénot)":    {{0.11238, 0.88762, 0}, {0.11238, 0.88762, 0}, {0.00401, -0.00401, 1}},
		"deuteranopia (Viénot)":  {{0.29275, 0.70725, 0}, {0.29275, 0.70725, 0}, {-0.02234, 0.02234, 1}},
	}
}

// seen gives a colour in CIELAB (white D65) as it is seen through a matrix.
func seen(c color.Color, m matrix) [3]float64 {
	r, g, b, _ := c.RGBA()
	in := [3]float64{linear(r), linear(g), linear(b)}
	var out [3]float64
	for n, row := range m {
		out[n] = math.Max(0, math.Min(1, row[0]*in[0]+row[1]*in[1]+row[2]*in[2]))
	}
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x := f((0.4124564*out[0] + 0.3575761*out[1] + 0.1804375*out[2]) / 0.95047)
	y := f(0.2126729*out[0] + 0.7151522*out[1] + 0.0721750*out[2])
	z := f((0.0193339*out[0] + 0.1191920*out[1] + 0.9503041*out[2]) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// difference is CIEDE2000, the difference of two CIELAB colours; about 1 is just seen when they lie side by side.
func difference(p, q [3]float64) float64 {
	seven := func(c float64) float64 { return math.Sqrt(math.Pow(c, 7) / (math.Pow(c, 7) + math.Pow(25, 7))) }
	rad := func(deg float64) float64 { return deg * math.Pi / 180 }
	stretch := 1 + 0.5*(1-seven((math.Hypot(p[1], p[2])+math.Hypot(q[1], q[2]))/2))
	c1, c2 := math.Hypot(p[1]*stretch, p[2]), math.Hypot(q[1]*stretch, q[2])
	h1, h2 := hue(p, stretch), hue(q, stretch)
	turn, mid := h2-h1, (h1+h2)/2
	switch {
	case c1*c2 == 0:
		turn, mid = 0, h1+h2
	case turn > 180:
		turn -= 360
	case turn < -180:
		turn += 360
	}
	if c1*c2 != 0 && math.Abs(h1-h2) > 180 {
		mid = math.Mod(mid+180, 360)
	}
	dl, dc, dh := q[0]-p[0], c2-c1, 2*math.Sqrt(c1*c2)*math.Sin(rad(turn/2))
	l, c := (p[0]+q[0])/2, (c1+c2)/2
	t := 1 - 0.17*math.Cos(rad(mid-30)) + 0.24*math.Cos(rad(2*mid)) + 0.32*math.Cos(rad(3*mid+6)) - 0.20*math.Cos(rad(4*mid-63))
	dl /= 1 + 0.015*(l-50)*(l-50)/math.Sqrt(20+(l-50)*(l-50))
	dc /= 1 + 0.045*c
	dh /= 1 + 0.015*c*t
	off := (mid - 275) / 25
	twist := -2 * seven(c) * math.Sin(rad(60*math.Exp(-off*off)))
	return math.Sqrt(dl*dl + dc*dc + dh*dh + twist*dc*dh)
}

func hue(p [3]float64, stretch float64) float64 {
	if p[1] == 0 && p[2] == 0 {
		return 0
	}
	return math.Mod(math.Atan2(p[2], p[1]*stretch)*180/math.Pi+360, 360)
}

// TestTheDifferenceIsCIEDE2000 compares it with pairs that Sharma, Wu and Dalal published for that (2005, pairs 1, 7, 16,
// 17, 20 and 25).
func TestTheDifferenceIsCIEDE2000(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		p, q [3]float64
		want string
	}{
		{[3]float64{50, 2.6772, -79.7751}, [3]float64{50, 0, -82.7485}, "2.0425"},
		{[3]float64{50, 0, 0}, [3]float64{50, -1, 2}, "2.3669"},
		{[3]float64{50, 2.5, 0}, [3]float64{50, 0, -2.5}, "4.3065"},
		{[3]float64{50, 2.5, 0}, [3]float64{73, 25, -18}, "27.1492"},
		{[3]float64{50, 2.5, 0}, [3]float64{58, 24, 15}, "19.4535"},
		{[3]float64{60.2574, -34.0099, 36.2677}, [3]float64{60.4626, -34.1751, 39.4387}, "1.2644"},
	} {
		if got := fmt.Sprintf("%.4f", difference(c.p, c.q)); got != c.want {
			t.Errorf("%v and %v: %s, not %s", c.p, c.q, got, c.want)
		}
	}
}

// nearest gives the least difference of two of the tokens that have to stay apart, and which they are.
func nearest(b base, profile colorprofile.Profile) (least float64, pair string) {
	least = math.Inf(1)
	apart := []Token{High, Medium, Low, OK, Experts}
	for sight, m := range deficiencies() {
		for n, k := range apart {
			for _, other := range apart[:n] {
				one := seen(profile.Convert(b.hue(k, b.hues[k], profile)), m)
				two := seen(profile.Convert(b.hue(other, b.hues[other], profile)), m)
				if d := difference(one, two); d < least {
					least, pair = d, fmt.Sprintf("%s and %s with %s", other, k, sight)
				}
			}
		}
	}
	return least, pair
}

// TestMeaningsStayApartForTheColourBlind also measures the usual themes, in which they do not: the measure can fail.
func TestMeaningsStayApartForTheColourBlind(t *testing.T) {
	t.Parallel()
	for _, b := range bases() {
		for _, profile := range []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI256} {
			if b.hues == nil {
				continue
			}
			d, pair := nearest(b, profile)
			t.Logf("%s, %s: %.1f, %s", b.about.Name, profile, d, pair)
			switch safe := strings.HasPrefix(b.about.Name, "colour-blind"); {
			case safe && d < 10:
				t.Errorf("%s, %s: %s differ by %.1f, not by 10", b.about.Name, profile, pair, d)
			case (b.about.Name == "dark" || b.about.Name == "light") && d >= 10:
				t.Errorf("%s: the least difference is %.1f; the measure no longer tells themes apart", b.about.Name, d)
			}
		}
	}
}
