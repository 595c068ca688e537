package simcloud

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// answer plays the fault; usual gives the answer that the request would have had.
func (f *Fault) answer(w http.ResponseWriter, r *http.Request, usual http.HandlerFunc) {
	wait(r.Context(), f.Delay)
	if f.Drop {
		panic(http.ErrAbortHandler)
	}
	a := f.prepare(r, usual)
	if f.RetryAfter != "" {
		a.header.Set("Retry-After", f.RetryAfter)
	}
	for name, values := range f.Header {
		a.header[http.CanonicalHeaderKey(name)] = values
	}
	if f.Endless {
		a.header.Del("Content-Length")
		endless(w, r, a)
		return
	}
	if f.Truncate {
		a.header.Set("Content-Length", strconv.Itoa(len(a.body.Bytes())))
		body := a.body.Bytes()
		a.body = *bytes.NewBuffer(body[:len(body)/2])
	}
	a.send(w)
	if f.Truncate {
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// prepare makes the answer, before the transport plays tricks with it.
func (f *Fault) prepare(r *http.Request, usual http.HandlerFunc) *buffered {
	a := &buffered{header: http.Header{}, status: http.StatusOK}
	if f.Status == 0 && f.Body == "" {
		if f.Endless {
			a.body.WriteString(`{"value":[{"id":"1"}`)
			a.header.Set("Content-Type", "application/json")
			return a
		}
		usual(a, r)
		if f.NextLink != "" {
			a.relink(r, f.NextLink)
		}
		return a
	}
	if f.Status != 0 {
		a.status = f.Status
	}
	a.body.WriteString(f.Body)
	kind := f.ContentType
	if kind == "" {
		kind = "application/json"
	}
	a.header.Set("Content-Type", kind)
	return a
}

// endless writes the answer and goes on until the client leaves.
func endless(w http.ResponseWriter, r *http.Request, a *buffered) {
	a.send(w)
	more := []byte(strings.Repeat(`,{"id":"1"}`, 256))
	for r.Context().Err() == nil {
		if _, err := w.Write(more); err != nil {
			return
		}
	}
}

// buffered is an answer that has not been sent.
type buffered struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (b *buffered) Header() http.Header         { return b.header }
func (b *buffered) WriteHeader(status int)      { b.status = status }
func (b *buffered) Write(p []byte) (int, error) { return b.body.Write(p) }

func (b *buffered) send(w http.ResponseWriter) {
	for name, values := range b.header {
		w.Header()[name] = values
	}
	w.WriteHeader(b.status)
	_, _ = w.Write(b.body.Bytes()) // a client that left needs no answer
}

// relink sets the nextLink of a list.
func (b *buffered) relink(r *http.Request, link string) {
	if link == "self" {
		link = rootOf(r) + r.URL.RequestURI()
	}
	var o map[string]json.RawMessage
	if json.Unmarshal(b.body.Bytes(), &o) != nil || o["value"] == nil {
		return
	}
	quoted, _ := json.Marshal(link) // a string always has a JSON form
	o["@odata.nextLink"] = quoted
	body, _ := json.Marshal(o) // as does what was just read
	b.body.Reset()
	b.body.Write(body)
	b.header.Set("Content-Length", strconv.Itoa(len(body)))
}

// wait pauses until the time is over or the client or server gives up.
func wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
