package estate

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// object is a JSON object whose members keep their order, as the service writes them.
type object []member

type member struct {
	name  string
	value any
}

// raw is a value that is already JSON.
type raw []byte

// late is an enumeration member that was added after unknownFutureValue: clients that do not ask for it with
// Prefer: include-unknown-enum-members read unknownFutureValue instead.
type late string

const unknownFutureValue = "unknownFutureValue"

// encoder writes JSON; includeUnknown is the client's wish for late enumeration members.
type encoder struct {
	buf            []byte
	includeUnknown bool
}

func (e *encoder) value(v any) {
	switch v := v.(type) {
	case nil:
		e.buf = append(e.buf, "null"...)
	case string:
		e.text(v)
	case late:
		if !e.includeUnknown {
			v = unknownFutureValue
		}
		e.text(string(v))
	case bool:
		e.buf = strconv.AppendBool(e.buf, v)
	case int:
		e.buf = strconv.AppendInt(e.buf, int64(v), 10)
	case int64:
		e.buf = strconv.AppendInt(e.buf, v, 10)
	case float64:
		e.buf = strconv.AppendFloat(e.buf, v, 'f', -1, 64)
	case time.Time:
		e.text(FormatTime(v))
	case raw:
		e.buf = append(e.buf, v...)
	case object:
		e.object(v)
	case []string:
		array(e, v, e.text)
	case []object:
		array(e, v, e.object)
	case []any:
		array(e, v, e.value)
	default:
		panic("estate: no JSON form for this type")
	}
}

func (e *encoder) object(o object) {
	e.buf = append(e.buf, '{')
	for i, m := range o {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.text(m.name)
		e.buf = append(e.buf, ':')
		e.value(m.value)
	}
	e.buf = append(e.buf, '}')
}

func array[T any](e *encoder, list []T, one func(T)) {
	e.buf = append(e.buf, '[')
	for i, v := range list {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		one(v)
	}
	e.buf = append(e.buf, ']')
}

const hexDigits = "0123456789abcdef"

// text writes a string with the least escaping that JSON allows, so that everything a customer's attacker wrote goes
// through as it is.
func (e *encoder) text(s string) {
	b := append(e.buf, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, '\\', 'n')
		case r == '\r':
			b = append(b, '\\', 'r')
		case r == '\t':
			b = append(b, '\\', 't')
		case r < 0x20:
			b = append(b, '\\', 'u', '0', '0', hexDigits[r>>4], hexDigits[r&15])
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	e.buf = append(b, '"')
}

// AppendText appends s to b as a JSON string.
func AppendText(b []byte, s string) []byte {
	e := encoder{buf: b}
	e.text(s)
	return e.buf
}

// FormatTime writes a time as Graph does: UTC, with up to seven fractional digits.
func FormatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.9999999Z") }

// tick is the resolution of the service's clock.
const tick = 100 * time.Nanosecond

// nullable gives nil for an empty string, which Graph writes as null.
func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}
