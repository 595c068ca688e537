package picker

// multi is what is chosen where several things are.
type multi struct{ checked []bool } // by position in items

// Multi makes the picker one of several choices, whose order can be changed. Typing searches no longer.
func (p *Picker) Multi(checked func(value string) bool) {
	p.multi = &multi{checked: make([]bool, len(p.items))}
	for n := range p.items {
		p.multi.checked[n] = checked(p.items[n].Value)
	}
	at := p.cursor
	p.search()
	p.cursor = at
}

// Checked is the values that are chosen, in their order.
func (p *Picker) Checked() []string {
	var all []string
	if p.multi != nil {
		for n, on := range p.multi.checked {
			if on {
				all = append(all, p.items[n].Value)
			}
		}
	}
	return all
}

// changes takes the keys of a picker of several choices.
func (p *Picker) changes(key string) bool {
	if len(p.items) == 0 {
		return false
	}
	switch key {
	case "space":
		if p.items[p.cursor].Why == "" {
			p.multi.checked[p.cursor] = !p.multi.checked[p.cursor]
		}
	case "j":
		return p.moves("down")
	case "k":
		return p.moves("up")
	case "J", "alt+down":
		p.carry(1)
	case "K", "alt+up":
		p.carry(-1)
	default:
		return false
	}
	return true
}

// carry moves the item under the cursor, and the cursor with it.
func (p *Picker) carry(step int) {
	from, to := p.cursor, p.cursor+step
	if to < 0 || to >= len(p.items) {
		return
	}
	c := p.multi.checked
	p.items[from], p.items[to] = p.items[to], p.items[from]
	p.texts[from], p.texts[to] = p.texts[to], p.texts[from]
	c[from], c[to] = c[to], c[from]
	p.cursor = to
}
