package graph

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"net/http"
	"sync"

	abstractions "github.com/microsoft/kiota-abstractions-go"

	"github.com/socctl/socctl/internal/guard"
)

const (
	// chunk is how much of an answer is taken from the connection at once.
	chunk = 32 << 10
	// maxEcho is the longest answer that is looked at as a whole, to see whether it is the last one once more.
	maxEcho = 2 << 20
)

// Buffers lends the memory that answers are read in. Clients that share one need it for the reads that are under way, and not
// for each of themselves. The zero value is ready.
type Buffers struct{ chunks, wholes sync.Pool }

func (b *Buffers) chunk(r io.Reader) *bufio.Reader {
	if c, ok := b.chunks.Get().(*bufio.Reader); ok {
		c.Reset(r)
		return c
	}
	return bufio.NewReaderSize(r, chunk)
}

func (b *Buffers) whole() *bytes.Buffer {
	if w, ok := b.wholes.Get().(*bytes.Buffer); ok {
		w.Reset()
		return w
	}
	return new(bytes.Buffer)
}

// stream is the body of a good answer while it comes. A page is a megabyte, and five hundred may come at once: none is ever
// in memory as a whole.
type stream struct {
	io.Reader
	head []byte // how the answer begins, without white space; valid until the first Read
	tap  *tap

	buffers *Buffers
	lent    []func()
}

// tap is what an answer comes out of.
type tap struct {
	body io.Reader
	err  error // why it broke off
	sum  maphash.Hash
	size int64
}

func (t *tap) Read(p []byte) (int, error) {
	n, err := t.body.Read(p)
	_, _ = t.sum.Write(p[:n]) // it never fails
	t.size += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		t.err = err
	}
	return n, err
}

func newStream(body io.Reader, b *Buffers, seed maphash.Seed) *stream {
	s := &stream{tap: &tap{body: body}, buffers: b}
	s.tap.sum.SetSeed(seed)
	from := b.chunk(s.tap)
	s.lend(func() { from.Reset(nil); b.chunks.Put(from) })
	for {
		c, err := from.ReadByte()
		if err != nil {
			break
		}
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			_ = from.UnreadByte() // a byte was read
			break
		}
	}
	s.head, _ = from.Peek(2 * maxQuoted) // an answer may be shorter
	s.Reader = from
	return s
}

func (s *stream) lend(back func()) { s.lent = append(s.lent, back) }

// close gives back what was lent.
func (s *stream) close() {
	for _, back := range s.lent {
		back()
	}
}

// imprint is what an answer is recognised by: its length and a hash whose seed nobody outside of the process knows.
type imprint struct {
	size int64
	sum  uint64
}

// imprint is that of an answer that was read to its end.
func (s *stream) imprint() imprint { return imprint{s.tap.size, s.tap.sum.Sum64()} }

// is tells whether an answer is the one with an imprint. What it had to read for that, it keeps for who reads on.
func (s *stream) is(p imprint) bool {
	whole := s.buffers.whole()
	s.lend(func() { s.buffers.wholes.Put(whole) })
	rest := s.Reader
	n, err := io.CopyN(whole, rest, maxEcho)
	if errors.Is(err, io.EOF) && s.imprint() == p {
		return true
	}
	s.head = whole.Bytes()[:min(n, 2*maxQuoted)]
	s.Reader = io.MultiReader(bytes.NewReader(whole.Bytes()), rest)
	return false
}

// echo remembers an answer that came in one page, and the question to it.
type echo struct {
	seed maphash.Seed

	mu       sync.Mutex
	question string
	last     imprint
}

// of gives the imprint of the last answer to a question, where it is known.
func (e *echo) of(question string) (imprint, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.last, question != "" && e.question == question
}

func (e *echo) keep(question string, p imprint) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.question, e.last = question, p
}

// follow sends a request and lets read take the body of its answer. It gives the address that was asked.
func (c *Client) follow(ctx context.Context, build request, read func(*stream) error) (address string, err error) {
	var broken error // what became of reading
	err = guard.Run("the Graph library", func() error {
		info, err := build()
		if err != nil {
			return fmt.Errorf("build the request: %w", err)
		}
		uri, err := info.GetUri()
		if err != nil {
			return fmt.Errorf("build the request: %w", err)
		}
		address = uri.String()
		take := abstractions.NewRequestHandlerOption()
		take.SetResponseHandler(func(response any, _ abstractions.ErrorMappings) (any, error) {
			broken = c.read(response, read)
			return nil, nil //nolint:nilnil // the library's way to say that there is nothing for it to do
		})
		info.AddRequestOptions([]abstractions.RequestOption{take})
		_, err = c.adapter.SendPrimitive(ctx, info, "[]byte", nil)
		return err
	})
	if err != nil {
		return address, failure(err)
	}
	return address, broken
}

// read takes an answer to its end. What its reader says counts only where the answer did not break off.
func (c *Client) read(response any, read func(*stream) error) error {
	r, ok := response.(*http.Response)
	if !ok || r == nil {
		return badAnswer("no answer", nil)
	}
	defer func() { _ = r.Body.Close() }()
	s := newStream(r.Body, c.buffers, c.echo.seed)
	defer s.close()
	err := guard.Run("reading an answer", func() error { return read(s) })
	if s.tap.err != nil {
		return failure(s.tap.err)
	}
	return err
}
