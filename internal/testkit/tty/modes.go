package tty

import "strings"

// State is what a program switched on in its terminal and did not switch off.
type State struct {
	Set       map[string]bool // private modes by number
	Hidden    bool            // the cursor
	Keyboard  int             // pushed sets of keyboard flags
	OtherKeys bool
	Insert    bool
}

// Modes follows what raw bytes switch on and off.
func Modes(raw []byte) (State, error) {
	m := State{Set: map[string]bool{}}
	err := Scan(raw, func(s Sequence) error {
		if s.Kind != '[' {
			return nil
		}
		switch s.Private + s.Middle + string(s.Final) {
		case "?h", "?l":
			for _, n := range strings.Split(s.Params, ";") {
				m.Set[n] = s.Final == 'h'
				if n == "25" {
					m.Hidden = s.Final == 'l'
				}
			}
		case "h", "l":
			m.Insert = s.Final == 'h'
		case ">u":
			m.Keyboard++
		case "<u":
			m.Keyboard = max(0, m.Keyboard-1)
		case ">m":
			m.OtherKeys = strings.HasPrefix(s.Params, "4;") && s.Params != "4;0"
		}
		return nil
	})
	return m, err
}
