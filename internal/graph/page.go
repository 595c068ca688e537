package graph

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/transport"
)

// readPage reads a collection, {"value": [...], "@odata.nextLink": "..."}, and calls item in front of each element; it
// must consume exactly one value. It gives the nextLink as it came. head is how the answer begins, or all of it.
func (r *reader) readPage(head []byte, item func()) (next string, err error) {
	listed := false
	err = r.readObject(head, func(name []byte) {
		switch string(name) {
		case "value":
			listed = listed || r.peek() == jsontext.KindBeginArray
			for range r.elements {
				item()
			}
		case "@odata.nextLink":
			next = r.rawString()
		default:
			r.skip()
		}
	})
	if err == nil && !listed {
		err = badAnswer("JSON without the list that was asked for", nil)
	}
	return next, err
}

// readObject reads an answer that has to be one JSON object, and calls member in front of each member's value.
func (r *reader) readObject(head []byte, member func(name []byte)) error {
	if what := notJSON(head); what != "" {
		return badAnswer(what, nil)
	}
	if r.peek() != jsontext.KindBeginObject {
		r.skip()
		return r.broken("JSON that is not an object")
	}
	for name := range r.members {
		member(name)
	}
	return r.end()
}

// end checks that the answer ended where it should.
func (r *reader) end() error {
	if r.err == nil {
		if _, err := r.dec.ReadToken(); !errors.Is(err, io.EOF) {
			return badAnswer("JSON with something behind its end", err)
		}
	}
	return r.broken("")
}

// broken tells what was wrong with the JSON, or that it was JSON but not what was promised.
func (r *reader) broken(otherwise string) error {
	var syntax *jsontext.SyntacticError
	switch {
	case r.err == nil && otherwise == "":
		return nil
	case r.err == nil:
		return badAnswer(otherwise, nil)
	case errors.Is(r.err, io.ErrUnexpectedEOF):
		return badAnswer("JSON that ends in the middle", r.err)
	case errors.As(r.err, &syntax):
		return badAnswer(fmt.Sprintf("JSON that is broken at byte %d", syntax.ByteOffset), r.err)
	}
	return badAnswer("something that cannot be read", r.err)
}

// maxQuoted is how many bytes of an answer that is not JSON are quoted.
const maxQuoted = 40

// notJSON names an answer that does not even begin like JSON, or gives nothing.
func notJSON(body []byte) string {
	body = bytes.TrimLeft(body, " \t\r\n")
	switch {
	case len(body) == 0:
		return "an empty answer"
	case body[0] == '<':
		return "a web page instead of JSON"
	case bytes.IndexByte([]byte(`{["-0123456789tfn`), body[0]) < 0:
		return "something that is not JSON and begins with " + text.Escape(transport.Redact(string(cut(body, maxQuoted))))
	}
	return ""
}
