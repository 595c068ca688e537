package graph

import (
	"bytes"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// Bounds of what is kept of one open object. Nothing of the schema comes near them.
const (
	maxFields = 200
	maxPath   = 256 // bytes of one field's name, which each element of a list repeats
	maxDepth  = 8   // objects and arrays in each other; what is deeper is kept as the beginning of its JSON
)

// flattener turns JSON of any shape into named values in the order in which they came: vmMetadata.vmId,
// ipInterfaces[0]. What says nothing (null, empty texts, empty objects and arrays, OData annotations) is left out.
type flattener struct {
	r      *reader
	path   []byte
	fields []soc.Field
	more   int // values over maxFields
}

// member reads the value of the member called name.
func (f *flattener) member(name []byte, depth int) {
	n := len(f.path)
	if n > 0 {
		f.path = append(f.path, '.')
	}
	f.path = append(f.path, name...)
	f.value(depth)
	f.path = f.path[:n]
}

func (f *flattener) value(depth int) {
	r := f.r
	switch kind := r.peek(); {
	case kind == jsontext.KindBeginObject && depth < maxDepth:
		for name := range r.members {
			if isAnnotation(name) {
				r.skip()
				continue
			}
			f.member(name, depth+1)
		}
	case kind == jsontext.KindBeginArray && depth < maxDepth:
		n, i := len(f.path), int64(0)
		for range r.elements {
			f.path = append(f.path[:n], '[')
			f.path = append(strconv.AppendInt(f.path, i, 10), ']')
			f.value(depth + 1)
			i++
		}
		f.path = f.path[:n]
	default:
		f.add(r.text())
	}
}

// add keeps a value under the current path.
func (f *flattener) add(value []byte) {
	switch {
	case len(value) == 0:
	case len(f.fields) >= maxFields:
		f.more++
	default:
		f.fields = append(f.fields, soc.Field{Name: f.r.lines.of(cut(f.path, maxPath)), Value: f.r.lines.of(value)})
	}
}

// done gives the fields, and says at their end how many did not fit.
func (f *flattener) done() []soc.Field {
	if f.more > 0 {
		f.fields = append(f.fields, soc.Field{
			Name: text.NewLine("..."), Value: text.NewLine(strconv.Itoa(f.more) + " more values are not kept"),
		})
		f.more = 0
	}
	return f.fields
}

// isAnnotation tells names like @odata.type and alerts@odata.count from properties.
func isAnnotation(name []byte) bool { return bytes.Contains(name, []byte("@odata.")) }
